-- A refresh that is under way or was just done, so that all replicas do it once. Rows are of no use after minutes.

CREATE TABLE refresh_run (
    member      uuid        NOT NULL,
    local_date  date        NOT NULL,
    claim       uuid        NOT NULL,
    lease_until timestamptz NOT NULL,
    finished_at timestamptz,
    sahha       text,
    whoop       text,
    PRIMARY KEY (member, local_date)
);
COMMENT ON COLUMN refresh_run.member IS 'personal: whose day';
COMMENT ON COLUMN refresh_run.local_date IS 'personal: which day';
COMMENT ON COLUMN refresh_run.claim IS 'public: who does it';
COMMENT ON COLUMN refresh_run.lease_until IS 'public: until when nobody else does; who dies lets it pass';
COMMENT ON COLUMN refresh_run.finished_at IS 'personal: when it ended; null while it runs';
COMMENT ON COLUMN refresh_run.sahha IS 'personal: what became of asking Sahha';
COMMENT ON COLUMN refresh_run.whoop IS 'personal: what became of asking WHOOP';

GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_run TO ${app_role};

CALL protect_rows('refresh_run');
CALL admit_worker('refresh_run', 'projector');
