CREATE TABLE webhook_inbox (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trace_id      text        NOT NULL UNIQUE,
    whoop_user_id bigint      NOT NULL,
    object_id     uuid        NOT NULL,
    type          text        NOT NULL,
    sent_at       timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    state         text        NOT NULL CHECK (state IN ('pending', 'parked', 'done', 'ignored', 'dead')),
    attempts      integer     NOT NULL DEFAULT 0,
    due_at        timestamptz NOT NULL,
    claim_id      uuid,
    claim_until   timestamptz,
    outcome       text,
    finished_at   timestamptz
);
-- Claiming reads the head of this index, so its cost does not grow with the rows already done.
CREATE INDEX webhook_inbox_due ON webhook_inbox (due_at, id) WHERE state = 'pending';
CREATE INDEX webhook_inbox_parked ON webhook_inbox (whoop_user_id) WHERE state = 'parked';
CREATE INDEX webhook_inbox_dead ON webhook_inbox (id) WHERE state = 'dead';
CREATE INDEX webhook_inbox_finished ON webhook_inbox (finished_at) WHERE finished_at IS NOT NULL;

COMMENT ON TABLE webhook_inbox IS 'Every accepted webhook, committed before WHOOP gets its answer. A hint that something changed, never data.';
COMMENT ON COLUMN webhook_inbox.id IS 'public: order of arrival';
COMMENT ON COLUMN webhook_inbox.trace_id IS 'public: WHOOP''s id of the event, unique, so a repeated delivery is seen';
COMMENT ON COLUMN webhook_inbox.whoop_user_id IS 'personal: the account concerned';
COMMENT ON COLUMN webhook_inbox.object_id IS 'personal: sleep or workout concerned; for a recovery its sleep';
COMMENT ON COLUMN webhook_inbox.type IS 'public: type of the event';
COMMENT ON COLUMN webhook_inbox.sent_at IS 'public: time of the signature';
COMMENT ON COLUMN webhook_inbox.received_at IS 'public: time of arrival';
COMMENT ON COLUMN webhook_inbox.state IS 'public: pending, parked (no link yet), done, ignored (type unknown), dead (given up)';
COMMENT ON COLUMN webhook_inbox.attempts IS 'public: attempts that cost one; waiting for quota or a refresh does not';
COMMENT ON COLUMN webhook_inbox.due_at IS 'public: when to try next';
COMMENT ON COLUMN webhook_inbox.claim_id IS 'public: the worker that holds it';
COMMENT ON COLUMN webhook_inbox.claim_until IS 'public: until when the claim holds; a killed worker''s row comes back after it';
COMMENT ON COLUMN webhook_inbox.outcome IS 'public: code of the last result';
COMMENT ON COLUMN webhook_inbox.finished_at IS 'public: when it was done, ignored or given up';

GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_inbox TO ${app_role};
