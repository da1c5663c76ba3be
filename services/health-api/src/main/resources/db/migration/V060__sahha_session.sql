-- Exercise sessions as Sahha read them from the phone. One comes as a data log and again with a poll, under ids that need not be the same, so it
-- is known by its begin and its sport.
CREATE TABLE sahha_session (
    member          uuid        NOT NULL,
    start_at        timestamptz NOT NULL,
    sport           text        NOT NULL,
    local_date      date        NOT NULL,
    record_id       text        NOT NULL,
    end_at          timestamptz NOT NULL,
    timezone_offset text        NOT NULL,
    created_at      timestamptz NOT NULL,
    fetched_at      timestamptz NOT NULL,
    raw             jsonb       NOT NULL,
    CHECK (end_at >= start_at),
    PRIMARY KEY (member, start_at, sport)
);
CREATE INDEX sahha_session_day ON sahha_session (member, local_date);
CREATE INDEX sahha_session_old ON sahha_session USING brin (local_date);
COMMENT ON COLUMN sahha_session.member IS 'personal: whose session';
COMMENT ON COLUMN sahha_session.start_at IS 'health: begin';
COMMENT ON COLUMN sahha_session.sport IS 'health: what was done, by Sahha''s name';
COMMENT ON COLUMN sahha_session.local_date IS 'personal: the day it began on, in its own offset';
COMMENT ON COLUMN sahha_session.record_id IS 'personal: Sahha''s id';
COMMENT ON COLUMN sahha_session.end_at IS 'health: end';
COMMENT ON COLUMN sahha_session.timezone_offset IS 'personal: offset of its begin';
COMMENT ON COLUMN sahha_session.created_at IS 'personal: when Sahha made or received it; the newest wins';
COMMENT ON COLUMN sahha_session.fetched_at IS 'personal: when it reached us';
COMMENT ON COLUMN sahha_session.raw IS 'health: the record as received';

CALL protect_rows('sahha_session');
CALL admit_worker('sahha_session', 'sahha');
CALL admit_worker('sahha_session', 'projector');
CALL admit_worker('sahha_session', 'retention');
CALL guard_against_erased('sahha_session');
GRANT SELECT, INSERT, UPDATE, DELETE ON sahha_session TO ${app_role};
