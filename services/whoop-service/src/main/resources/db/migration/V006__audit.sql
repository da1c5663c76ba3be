CREATE TABLE audit_event (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    action    text        NOT NULL,
    actor     text        NOT NULL,
    member_id uuid,
    object    text,
    outcome   text        NOT NULL,
    reason    text
);
CREATE INDEX audit_event_member ON audit_event (member_id, at);
CREATE INDEX audit_event_action ON audit_event (action, at);

COMMENT ON TABLE audit_event IS 'Who did what to whose data. The application adds rows and can neither read, change nor delete them.';
COMMENT ON COLUMN audit_event.id IS 'public: order of the entries';
COMMENT ON COLUMN audit_event.at IS 'public: when it was done';
COMMENT ON COLUMN audit_event.action IS 'public: what was done';
COMMENT ON COLUMN audit_event.actor IS 'public: kind of actor: system, whoop, member or operator';
COMMENT ON COLUMN audit_event.member_id IS 'personal: whose data it was';
COMMENT ON COLUMN audit_event.object IS 'personal: id of the record, event or key concerned';
COMMENT ON COLUMN audit_event.outcome IS 'public: code of how it ended';
COMMENT ON COLUMN audit_event.reason IS 'public: code that says why';

GRANT INSERT ON audit_event TO ${app_role};
