CREATE TABLE change (
    txid      xid8   NOT NULL DEFAULT pg_current_xact_id(),
    seq       bigint GENERATED ALWAYS AS IDENTITY,
    member_id uuid   NOT NULL,
    day       date   NOT NULL,
    kind      text   NOT NULL,
    PRIMARY KEY (txid, seq)
);
CREATE INDEX change_version ON change (member_id, day, seq);

COMMENT ON TABLE change IS 'What changed, in commit order for a reader that stays below the oldest running transaction.';
COMMENT ON COLUMN change.txid IS 'public: the transaction that made the change';
COMMENT ON COLUMN change.seq IS 'public: order within the transaction; also the version of the day';
COMMENT ON COLUMN change.member_id IS 'personal: the member concerned';
COMMENT ON COLUMN change.day IS 'personal: the local day concerned';
COMMENT ON COLUMN change.kind IS 'public: kind of record, or link';

GRANT SELECT, INSERT, DELETE ON change TO ${app_role};
