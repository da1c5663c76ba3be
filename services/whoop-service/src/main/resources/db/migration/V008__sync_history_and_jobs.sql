ALTER TABLE sync_cursor ADD COLUMN whoop_user_id bigint;
UPDATE sync_cursor s SET whoop_user_id = l.whoop_user_id FROM link l WHERE l.member_id = s.member_id;
COMMENT ON COLUMN sync_cursor.whoop_user_id IS 'personal: the account fetched from; another account starts anew';

ALTER TABLE sync_run ADD COLUMN deleted integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN sync_run.deleted IS 'public: records that WHOOP no longer has';
CREATE INDEX sync_run_ended ON sync_run (ended_at) WHERE ended_at IS NOT NULL;

CREATE INDEX coverage_failed ON coverage (member_id) WHERE state = 'failed';

CREATE TABLE sync_walk (
    member_id         uuid        NOT NULL,
    kind              text        NOT NULL CHECK (kind IN ('history', 'reconcile', 'gap')),
    whoop_user_id     bigint      NOT NULL,
    type              text,
    window_from       timestamptz NOT NULL,
    window_to         timestamptz NOT NULL,
    goal_from         timestamptz NOT NULL,
    next_token        text,
    pages             integer     NOT NULL DEFAULT 0,
    run_id            bigint,
    reconciliation_id uuid,
    due_at            timestamptz,
    attempts          integer     NOT NULL DEFAULT 0,
    last_error        text,
    claim_id          uuid,
    claim_until       timestamptz,
    started_at        timestamptz NOT NULL,
    done_at           timestamptz,
    PRIMARY KEY (member_id, kind)
);
CREATE INDEX sync_walk_due ON sync_walk (due_at) WHERE due_at IS NOT NULL;

COMMENT ON TABLE sync_walk IS 'Walks through the past, apart from the cursors of what is new: history, nightly reconciliation, gaps.';
COMMENT ON COLUMN sync_walk.member_id IS 'personal: the member';
COMMENT ON COLUMN sync_walk.kind IS 'public: why the past is walked';
COMMENT ON COLUMN sync_walk.whoop_user_id IS 'personal: the account fetched from';
COMMENT ON COLUMN sync_walk.type IS 'public: kind of record being walked; null while a reconciliation checks what was not listed';
COMMENT ON COLUMN sync_walk.window_from IS 'public: start of the window being walked';
COMMENT ON COLUMN sync_walk.window_to IS 'public: end of the window being walked';
COMMENT ON COLUMN sync_walk.goal_from IS 'public: how far back the walk is to go, window after window';
COMMENT ON COLUMN sync_walk.next_token IS 'public: page to fetch next, null at the first';
COMMENT ON COLUMN sync_walk.pages IS 'public: pages fetched of this type in this window';
COMMENT ON COLUMN sync_walk.run_id IS 'public: the sync_run of this type and window, null before its first page';
COMMENT ON COLUMN sync_walk.reconciliation_id IS 'public: id of the reconciliation, by which its deletions are confirmed';
COMMENT ON COLUMN sync_walk.due_at IS 'public: when to take the next step; null when the walk is over';
COMMENT ON COLUMN sync_walk.attempts IS 'public: failed attempts in a row';
COMMENT ON COLUMN sync_walk.last_error IS 'public: code of the last failure, null after success';
COMMENT ON COLUMN sync_walk.claim_id IS 'public: the worker that holds it';
COMMENT ON COLUMN sync_walk.claim_until IS 'public: until when the claim holds';
COMMENT ON COLUMN sync_walk.started_at IS 'public: when the walk began';
COMMENT ON COLUMN sync_walk.done_at IS 'public: when the walk ended, null while it lasts';

CREATE TABLE sync_listed (
    reconciliation_id uuid NOT NULL,
    type              text NOT NULL,
    record_key        text NOT NULL,
    PRIMARY KEY (reconciliation_id, type, record_key)
);

COMMENT ON TABLE sync_listed IS 'Records that a running reconciliation has met in WHOOP''s listing; emptied when it ends.';
COMMENT ON COLUMN sync_listed.reconciliation_id IS 'public: the reconciliation';
COMMENT ON COLUMN sync_listed.type IS 'public: kind of record';
COMMENT ON COLUMN sync_listed.record_key IS 'personal: natural key of the record';

CREATE TABLE sync_suspect (
    member_id         uuid        NOT NULL,
    type              text        NOT NULL,
    record_key        text        NOT NULL,
    whoop_user_id     bigint      NOT NULL,
    cycle_id          bigint,
    reconciliation_id uuid        NOT NULL,
    run_id            bigint,
    version           timestamptz NOT NULL,
    state             text        NOT NULL CHECK (state IN ('unchecked', 'gone', 'held')),
    found_at          timestamptz NOT NULL,
    held_since        timestamptz,
    PRIMARY KEY (member_id, type, record_key)
);

COMMENT ON TABLE sync_suspect IS 'Stored records that a complete listing did not show: to be checked one by one, or held until somebody confirms.';
COMMENT ON COLUMN sync_suspect.member_id IS 'personal: the member';
COMMENT ON COLUMN sync_suspect.type IS 'public: kind of record';
COMMENT ON COLUMN sync_suspect.record_key IS 'personal: natural key of the record';
COMMENT ON COLUMN sync_suspect.whoop_user_id IS 'personal: the account';
COMMENT ON COLUMN sync_suspect.cycle_id IS 'personal: the cycle by which a recovery can be fetched';
COMMENT ON COLUMN sync_suspect.reconciliation_id IS 'public: the reconciliation that last missed it';
COMMENT ON COLUMN sync_suspect.run_id IS 'public: the sync_run of its type';
COMMENT ON COLUMN sync_suspect.version IS 'public: the version stored; only that one may be deleted';
COMMENT ON COLUMN sync_suspect.state IS 'public: unchecked, gone (WHOOP says 404) or held (waits for confirmation)';
COMMENT ON COLUMN sync_suspect.found_at IS 'public: when it was first missed';
COMMENT ON COLUMN sync_suspect.held_since IS 'public: since when its deletion waits for confirmation';

GRANT SELECT, INSERT, UPDATE, DELETE ON sync_walk, sync_listed, sync_suspect TO ${app_role};

ALTER TABLE cycle ADD COLUMN mapping_version smallint NOT NULL DEFAULT 1, ALTER COLUMN raw DROP NOT NULL;
ALTER TABLE recovery ADD COLUMN mapping_version smallint NOT NULL DEFAULT 1, ALTER COLUMN raw DROP NOT NULL;
ALTER TABLE sleep ADD COLUMN mapping_version smallint NOT NULL DEFAULT 1, ALTER COLUMN raw DROP NOT NULL;
ALTER TABLE workout ADD COLUMN mapping_version smallint NOT NULL DEFAULT 1, ALTER COLUMN raw DROP NOT NULL;
COMMENT ON COLUMN cycle.mapping_version IS 'public: the mapping that read the document into the other columns';
COMMENT ON COLUMN recovery.mapping_version IS 'public: the mapping that read the document into the other columns';
COMMENT ON COLUMN sleep.mapping_version IS 'public: the mapping that read the document into the other columns';
COMMENT ON COLUMN workout.mapping_version IS 'public: the mapping that read the document into the other columns';
COMMENT ON COLUMN cycle.raw IS 'health: the document as WHOOP sent it; null once its retention has passed';
COMMENT ON COLUMN recovery.raw IS 'health: the document as WHOOP sent it; null once its retention has passed';
COMMENT ON COLUMN sleep.raw IS 'health: the document as WHOOP sent it; null once its retention has passed';
COMMENT ON COLUMN workout.raw IS 'health: the document as WHOOP sent it; null once its retention has passed';

-- Rows lie roughly in the order in which they were fetched, so these stay tiny and cost an insert next to nothing.
CREATE INDEX cycle_fetched ON cycle USING brin (fetched_at);
CREATE INDEX recovery_fetched ON recovery USING brin (fetched_at);
CREATE INDEX sleep_fetched ON sleep USING brin (fetched_at);
CREATE INDEX workout_fetched ON workout USING brin (fetched_at);

CREATE TABLE scheduled_tasks (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    state                text,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_execution_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat ON scheduled_tasks (last_heartbeat);

COMMENT ON TABLE scheduled_tasks IS 'Recurring work, in the shape that db-scheduler wants; whichever replica picks a row does its next run.';
COMMENT ON COLUMN scheduled_tasks.task_name IS 'public: the job';
COMMENT ON COLUMN scheduled_tasks.task_instance IS 'public: always recurring';
COMMENT ON COLUMN scheduled_tasks.task_data IS 'public: unused';
COMMENT ON COLUMN scheduled_tasks.execution_time IS 'public: when the next run is due';
COMMENT ON COLUMN scheduled_tasks.picked IS 'public: whether a replica is at it';
COMMENT ON COLUMN scheduled_tasks.picked_by IS 'public: the replica';
COMMENT ON COLUMN scheduled_tasks.last_success IS 'public: end of the last run that went well';
COMMENT ON COLUMN scheduled_tasks.last_failure IS 'public: end of the last run that failed';
COMMENT ON COLUMN scheduled_tasks.consecutive_failures IS 'public: failures in a row';
COMMENT ON COLUMN scheduled_tasks.last_heartbeat IS 'public: sign of life of the replica that is at it';
COMMENT ON COLUMN scheduled_tasks.version IS 'public: guards against two replicas picking the same run';
COMMENT ON COLUMN scheduled_tasks.priority IS 'public: unused';
COMMENT ON COLUMN scheduled_tasks.state IS 'public: unused';

GRANT SELECT, INSERT, UPDATE, DELETE ON scheduled_tasks TO ${app_role};
