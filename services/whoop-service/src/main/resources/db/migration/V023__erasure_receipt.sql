-- What an erasure has removed so far, by table: whoever did not hear an answer asks again, when there is nothing left to count. It names
-- nobody: the id is known to the caller alone.
CREATE TABLE erasure_receipt (
    id         uuid        NOT NULL,
    part       text        NOT NULL,
    removed    bigint      NOT NULL CHECK (removed >= 0),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, part)
);
CREATE INDEX erasure_receipt_updated ON erasure_receipt (updated_at);

COMMENT ON COLUMN erasure_receipt.id IS 'public: which erasure, by an id that its caller chose';
COMMENT ON COLUMN erasure_receipt.part IS 'public: the table';
COMMENT ON COLUMN erasure_receipt.removed IS 'public: rows removed from it';
COMMENT ON COLUMN erasure_receipt.updated_at IS 'public: when the last of them went';

GRANT SELECT, INSERT, UPDATE, DELETE ON erasure_receipt TO ${app_role};
