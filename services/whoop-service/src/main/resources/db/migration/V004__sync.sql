CREATE TABLE sync_cursor (
    member_id    uuid        NOT NULL,
    type         text        NOT NULL,
    complete_to  timestamptz,
    window_from  timestamptz,
    window_to    timestamptz,
    next_token   text,
    pages        integer     NOT NULL DEFAULT 0,
    run_id       bigint,
    trigger      text        NOT NULL,
    due_at       timestamptz NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    last_error   text,
    rush         boolean     NOT NULL DEFAULT false,
    claim_id     uuid,
    claim_until  timestamptz,
    PRIMARY KEY (member_id, type)
);
CREATE INDEX sync_cursor_due ON sync_cursor (due_at);

COMMENT ON TABLE sync_cursor IS 'Per member and kind of record: how far it is complete, and the window being walked.';
COMMENT ON COLUMN sync_cursor.member_id IS 'personal: the member';
COMMENT ON COLUMN sync_cursor.type IS 'public: kind of record';
COMMENT ON COLUMN sync_cursor.complete_to IS 'public: everything before this was fetched; moves only when a window ended in full success';
COMMENT ON COLUMN sync_cursor.window_from IS 'public: start of the window being walked, null when none is';
COMMENT ON COLUMN sync_cursor.window_to IS 'public: end of the window being walked';
COMMENT ON COLUMN sync_cursor.next_token IS 'public: page to fetch next, null at the first';
COMMENT ON COLUMN sync_cursor.pages IS 'public: pages fetched in this window';
COMMENT ON COLUMN sync_cursor.run_id IS 'public: the sync_run of this window';
COMMENT ON COLUMN sync_cursor.trigger IS 'public: why the next or present window is walked';
COMMENT ON COLUMN sync_cursor.due_at IS 'public: when to take the next step';
COMMENT ON COLUMN sync_cursor.attempts IS 'public: failed attempts in a row';
COMMENT ON COLUMN sync_cursor.last_error IS 'public: code of the last failure, null after success';
COMMENT ON COLUMN sync_cursor.rush IS 'public: somebody asked for a new window while one was being walked';
COMMENT ON COLUMN sync_cursor.claim_id IS 'public: the worker that holds it';
COMMENT ON COLUMN sync_cursor.claim_until IS 'public: until when the claim holds';

CREATE TABLE sync_run (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member_id   uuid        NOT NULL,
    type        text        NOT NULL,
    trigger     text        NOT NULL,
    window_from timestamptz,
    window_to   timestamptz,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    outcome     text,
    pages       integer     NOT NULL DEFAULT 0,
    inserted    integer     NOT NULL DEFAULT 0,
    updated     integer     NOT NULL DEFAULT 0,
    unchanged   integer     NOT NULL DEFAULT 0,
    failed      integer     NOT NULL DEFAULT 0
);
CREATE INDEX sync_run_member ON sync_run (member_id, started_at);

COMMENT ON TABLE sync_run IS 'Each walk through a window, with what came of it.';
COMMENT ON COLUMN sync_run.id IS 'public: id of the run';
COMMENT ON COLUMN sync_run.member_id IS 'personal: the member';
COMMENT ON COLUMN sync_run.type IS 'public: kind of record';
COMMENT ON COLUMN sync_run.trigger IS 'public: why it ran';
COMMENT ON COLUMN sync_run.window_from IS 'public: start of the window';
COMMENT ON COLUMN sync_run.window_to IS 'public: end of the window';
COMMENT ON COLUMN sync_run.started_at IS 'public: start of the run';
COMMENT ON COLUMN sync_run.ended_at IS 'public: end of the run, null while it lasts';
COMMENT ON COLUMN sync_run.outcome IS 'public: success or error';
COMMENT ON COLUMN sync_run.pages IS 'public: pages fetched';
COMMENT ON COLUMN sync_run.inserted IS 'public: records that were new';
COMMENT ON COLUMN sync_run.updated IS 'public: records that changed';
COMMENT ON COLUMN sync_run.unchanged IS 'public: records already known in this or a newer version';
COMMENT ON COLUMN sync_run.failed IS 'public: records that could not be read';

CREATE TABLE coverage (
    member_id  uuid        NOT NULL,
    type       text        NOT NULL,
    day        date        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('asked', 'failed')),
    reason     text,
    checked_at timestamptz NOT NULL,
    PRIMARY KEY (member_id, type, day)
);

COMMENT ON TABLE coverage IS 'Days that were asked for. Whether a day then holds a record is read from the records, so the two cannot disagree.';
COMMENT ON COLUMN coverage.member_id IS 'personal: the member';
COMMENT ON COLUMN coverage.type IS 'public: kind of record';
COMMENT ON COLUMN coverage.day IS 'personal: the local day';
COMMENT ON COLUMN coverage.state IS 'public: asked (WHOOP answered for the whole day) or failed';
COMMENT ON COLUMN coverage.reason IS 'public: code of the failure';
COMMENT ON COLUMN coverage.checked_at IS 'public: when';

CREATE TABLE quota (
    id             smallint    PRIMARY KEY CHECK (id = 1),
    minute_ends_at timestamptz NOT NULL,
    minute_used    integer     NOT NULL,
    minute_limit   integer     NOT NULL,
    day_ends_at    timestamptz NOT NULL,
    day_used       integer     NOT NULL,
    day_limit      integer     NOT NULL,
    blocked_until  timestamptz
);
INSERT INTO quota VALUES (1, '-infinity', 0, 100, '-infinity', 0, 10000, NULL);

COMMENT ON TABLE quota IS 'The budget of the WHOOP app in its two running windows, shared by all replicas.';
COMMENT ON COLUMN quota.id IS 'public: always 1';
COMMENT ON COLUMN quota.minute_ends_at IS 'public: end of the running minute window';
COMMENT ON COLUMN quota.minute_used IS 'public: requests in the minute window';
COMMENT ON COLUMN quota.minute_limit IS 'public: requests WHOOP allows in a minute';
COMMENT ON COLUMN quota.day_ends_at IS 'public: end of the running day window';
COMMENT ON COLUMN quota.day_used IS 'public: requests in the day window';
COMMENT ON COLUMN quota.day_limit IS 'public: requests WHOOP allows in a day';
COMMENT ON COLUMN quota.blocked_until IS 'public: WHOOP refused and named this time';

GRANT SELECT, INSERT, UPDATE, DELETE ON sync_cursor, sync_run, coverage TO ${app_role};
GRANT SELECT, UPDATE ON quota TO ${app_role};
