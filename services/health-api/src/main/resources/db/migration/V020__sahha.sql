-- What Sahha says of each member. No foreign keys to member: rows go with the member by the erasure that also ends
-- their registration, and intake must not wait for a sign-in.

CREATE TABLE sahha_profile (
    member          uuid        PRIMARY KEY,
    state           text        NOT NULL CHECK (state IN ('registering', 'active', 'failing', 'withdrawn')),
    consented_at    timestamptz NOT NULL,
    registered_at   timestamptz,
    due_at          timestamptz NOT NULL,
    failures        integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    polled_until    timestamptz,
    last_success_at timestamptz,
    last_data_at    timestamptz,
    stale           boolean     NOT NULL DEFAULT false
);
CREATE INDEX sahha_profile_due ON sahha_profile (due_at) WHERE state <> 'withdrawn';
COMMENT ON COLUMN sahha_profile.member IS 'personal: the member, and the external id that Sahha knows';
COMMENT ON COLUMN sahha_profile.state IS 'personal: registering until Sahha knows the profile, failing after calls without success';
COMMENT ON COLUMN sahha_profile.consented_at IS 'personal: when data was first allowed to flow';
COMMENT ON COLUMN sahha_profile.registered_at IS 'personal: when Sahha took the profile';
COMMENT ON COLUMN sahha_profile.due_at IS 'public: when it is asked next; moved forward by who claims it';
COMMENT ON COLUMN sahha_profile.failures IS 'public: calls in a row without success';
COMMENT ON COLUMN sahha_profile.polled_until IS 'public: end of the last complete poll; the next one overlaps it';
COMMENT ON COLUMN sahha_profile.last_success_at IS 'personal: last complete poll';
COMMENT ON COLUMN sahha_profile.last_data_at IS 'personal: when a row of this member last changed';
COMMENT ON COLUMN sahha_profile.stale IS 'personal: no complete poll for too long';

CREATE TABLE sahha_inbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dedupe_key  bytea       NOT NULL,
    event_type  text        NOT NULL,
    member      uuid        NOT NULL,
    body        bytea,
    received_at timestamptz NOT NULL,
    state       text        NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'dead')),
    attempts    integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    due_at      timestamptz NOT NULL,
    CONSTRAINT sahha_inbox_once UNIQUE (dedupe_key),
    CONSTRAINT sahha_inbox_body CHECK (body IS NOT NULL OR state = 'done')
);
CREATE INDEX sahha_inbox_due ON sahha_inbox (due_at, id) WHERE state = 'new';
CREATE INDEX sahha_inbox_done ON sahha_inbox (received_at) WHERE state = 'done';
COMMENT ON COLUMN sahha_inbox.id IS 'public: order of arrival';
COMMENT ON COLUMN sahha_inbox.dedupe_key IS 'personal: SHA-256 of event type and body';
COMMENT ON COLUMN sahha_inbox.event_type IS 'public: what Sahha calls the event';
COMMENT ON COLUMN sahha_inbox.member IS 'personal: external id of the event';
COMMENT ON COLUMN sahha_inbox.body IS 'health: the event as received; gone once its rows are stored';
COMMENT ON COLUMN sahha_inbox.received_at IS 'personal: when it was accepted';
COMMENT ON COLUMN sahha_inbox.state IS 'public: new, done, or dead after the last attempt';
COMMENT ON COLUMN sahha_inbox.attempts IS 'public: tries so far';
COMMENT ON COLUMN sahha_inbox.due_at IS 'public: when it is tried next';

CREATE TABLE sahha_score (
    member          uuid             NOT NULL,
    local_date      date             NOT NULL,
    type            text             NOT NULL,
    record_id       text             NOT NULL,
    percent         double precision NOT NULL CHECK (percent BETWEEN 0 AND 100),
    state           text             NOT NULL,
    observed_at     timestamptz      NOT NULL,
    timezone_offset text             NOT NULL,
    created_at      timestamptz      NOT NULL,
    fetched_at      timestamptz      NOT NULL,
    raw             jsonb            NOT NULL,
    PRIMARY KEY (member, local_date, type)
);
COMMENT ON COLUMN sahha_score.member IS 'personal: whose score';
COMMENT ON COLUMN sahha_score.local_date IS 'personal: the day it is about, in its own offset';
COMMENT ON COLUMN sahha_score.type IS 'public: readiness, sleep, activity, wellbeing, mental_wellbeing or what comes later';
COMMENT ON COLUMN sahha_score.record_id IS 'personal: Sahha''s id; a score is issued anew through its day';
COMMENT ON COLUMN sahha_score.percent IS 'health: 0 to 100';
COMMENT ON COLUMN sahha_score.state IS 'health: Sahha''s own band';
COMMENT ON COLUMN sahha_score.observed_at IS 'health: the score''s own time';
COMMENT ON COLUMN sahha_score.timezone_offset IS 'personal: offset of that time';
COMMENT ON COLUMN sahha_score.created_at IS 'personal: when Sahha made it; the newest wins';
COMMENT ON COLUMN sahha_score.fetched_at IS 'personal: when it reached us';
COMMENT ON COLUMN sahha_score.raw IS 'health: the record as received';

CREATE TABLE sahha_biomarker (
    member          uuid             NOT NULL,
    local_date      date             NOT NULL,
    type            text             NOT NULL,
    record_id       text             NOT NULL,
    category        text             NOT NULL,
    amount          double precision NOT NULL,
    unit            text             NOT NULL,
    start_at        timestamptz      NOT NULL,
    end_at          timestamptz      NOT NULL,
    timezone_offset text             NOT NULL,
    created_at      timestamptz      NOT NULL,
    fetched_at      timestamptz      NOT NULL,
    raw             jsonb            NOT NULL,
    PRIMARY KEY (member, local_date, type)
);
COMMENT ON COLUMN sahha_biomarker.member IS 'personal: whose biomarker';
COMMENT ON COLUMN sahha_biomarker.local_date IS 'personal: the day it is about, in its own offset';
COMMENT ON COLUMN sahha_biomarker.type IS 'public: steps, sleep_duration, heart_rate_resting and so on';
COMMENT ON COLUMN sahha_biomarker.record_id IS 'personal: Sahha''s id';
COMMENT ON COLUMN sahha_biomarker.category IS 'public: activity, body, sleep, vitals and so on';
COMMENT ON COLUMN sahha_biomarker.amount IS 'health: the value, a number in unit';
COMMENT ON COLUMN sahha_biomarker.unit IS 'public: as sent; empty when none was';
COMMENT ON COLUMN sahha_biomarker.start_at IS 'health: begin of what it measures';
COMMENT ON COLUMN sahha_biomarker.end_at IS 'health: end of what it measures';
COMMENT ON COLUMN sahha_biomarker.timezone_offset IS 'personal: offset of its begin';
COMMENT ON COLUMN sahha_biomarker.created_at IS 'personal: when Sahha made it; the newest wins';
COMMENT ON COLUMN sahha_biomarker.fetched_at IS 'personal: when it reached us';
COMMENT ON COLUMN sahha_biomarker.raw IS 'health: the record as received';

GRANT SELECT, INSERT, UPDATE, DELETE ON sahha_profile, sahha_inbox, sahha_score, sahha_biomarker TO ${app_role};
