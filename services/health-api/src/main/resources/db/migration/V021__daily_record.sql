-- The merged days and what they are made from. daily_record is a projection: it can be emptied and rebuilt from
-- whoop_day and the Sahha tables.

CREATE SEQUENCE daily_change;

CREATE TABLE daily_record (
    member          uuid        NOT NULL,
    local_date      date        NOT NULL,
    version         bigint      NOT NULL,
    document        json        NOT NULL,
    content_hash    bytea       NOT NULL,
    formula_version text        NOT NULL,
    whoop_version   bigint      NOT NULL,
    is_final        boolean     NOT NULL,
    recheck_at      timestamptz,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (member, local_date)
);
CREATE INDEX daily_record_changes ON daily_record (member, version);
CREATE INDEX daily_record_recheck ON daily_record (recheck_at) WHERE recheck_at IS NOT NULL;
COMMENT ON COLUMN daily_record.member IS 'personal: whose day';
COMMENT ON COLUMN daily_record.local_date IS 'personal: which day';
COMMENT ON COLUMN daily_record.version IS 'public: from daily_change, so never used twice and, within a member, in commit order';
COMMENT ON COLUMN daily_record.document IS 'health: the answer as it is sent; json and not jsonb, so that serving it costs no conversion';
COMMENT ON COLUMN daily_record.content_hash IS 'health: SHA-256 of the document without version and time; the same content is not written again';
COMMENT ON COLUMN daily_record.formula_version IS 'public: rules that made it';
COMMENT ON COLUMN daily_record.whoop_version IS 'public: version of the WHOOP day that it was made from; 0 without one';
COMMENT ON COLUMN daily_record.is_final IS 'public: nothing is expected to change';
COMMENT ON COLUMN daily_record.recheck_at IS 'public: when the passing of time alone may change it';
COMMENT ON COLUMN daily_record.updated_at IS 'personal: when it last changed';

CREATE TABLE whoop_day (
    member     uuid        NOT NULL,
    local_date date        NOT NULL,
    version    bigint      NOT NULL,
    document   json        NOT NULL,
    stored_at  timestamptz NOT NULL,
    PRIMARY KEY (member, local_date)
);
COMMENT ON COLUMN whoop_day.member IS 'personal: whose day';
COMMENT ON COLUMN whoop_day.local_date IS 'personal: which day';
COMMENT ON COLUMN whoop_day.version IS 'public: highest change that it contains';
COMMENT ON COLUMN whoop_day.document IS 'health: the day as whoop-service last answered it';
COMMENT ON COLUMN whoop_day.stored_at IS 'personal: when it was fetched';

CREATE TABLE source_state (
    member          uuid        NOT NULL,
    source          text        NOT NULL CHECK (source IN ('whoop', 'sahha')),
    state           text        NOT NULL,
    connected       boolean     NOT NULL,
    stale           boolean     NOT NULL,
    last_data_at    timestamptz,
    version         bigint      NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (member, source)
);
COMMENT ON COLUMN source_state.member IS 'personal: whose source';
COMMENT ON COLUMN source_state.source IS 'public: whoop or sahha';
COMMENT ON COLUMN source_state.state IS 'personal: link state or profile state';
COMMENT ON COLUMN source_state.connected IS 'personal: whether data may arrive';
COMMENT ON COLUMN source_state.stale IS 'personal: connected, but not asked with success for too long';
COMMENT ON COLUMN source_state.last_data_at IS 'personal: when data last arrived';
COMMENT ON COLUMN source_state.version IS 'public: from daily_change';
COMMENT ON COLUMN source_state.updated_at IS 'personal: when the state was last looked at';

CREATE TABLE rebuild_request (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member       uuid        NOT NULL,
    local_date   date        NOT NULL,
    requested_at timestamptz NOT NULL
);
COMMENT ON COLUMN rebuild_request.id IS 'public: order of requests; several for one day are served together';
COMMENT ON COLUMN rebuild_request.member IS 'personal: whose day';
COMMENT ON COLUMN rebuild_request.local_date IS 'personal: which day';
COMMENT ON COLUMN rebuild_request.requested_at IS 'public: when the source row changed';

CREATE TABLE feed_cursor (
    feed       text        PRIMARY KEY,
    position   text        NOT NULL,
    updated_at timestamptz NOT NULL
);
COMMENT ON COLUMN feed_cursor.feed IS 'public: whose changes are followed';
COMMENT ON COLUMN feed_cursor.position IS 'public: everything up to here has taken effect';
COMMENT ON COLUMN feed_cursor.updated_at IS 'public: when it last moved';

GRANT SELECT, INSERT, UPDATE, DELETE
    ON daily_record, whoop_day, source_state, rebuild_request, feed_cursor TO ${app_role};
GRANT USAGE ON SEQUENCE daily_change TO ${app_role};
