-- Windows that begin with a request let twice the limit through around their border. The requests are now counted in small slots, so that
-- every stretch of 60 seconds and of 24 hours can be judged, wherever it begins.
ALTER TABLE quota
    ADD COLUMN minute_slot          bigint      NOT NULL DEFAULT 0,
    ADD COLUMN minute_slots         integer[]   NOT NULL DEFAULT '{}',
    ADD COLUMN day_slot             bigint      NOT NULL DEFAULT 0,
    ADD COLUMN day_slots            integer[]   NOT NULL DEFAULT '{}',
    ADD COLUMN history_slots        integer[]   NOT NULL DEFAULT '{}',
    ADD COLUMN minute_foreign       integer     NOT NULL DEFAULT 0,
    ADD COLUMN minute_foreign_until timestamptz,
    ADD COLUMN day_foreign          integer     NOT NULL DEFAULT 0,
    ADD COLUMN day_foreign_until    timestamptz;

COMMENT ON COLUMN quota.minute_slot IS 'public: number of the newest one-second slot, in seconds since 1970';
COMMENT ON COLUMN quota.minute_slots IS 'public: requests per one-second slot, newest first';
COMMENT ON COLUMN quota.day_slot IS 'public: number of the newest ten-minute slot since 1970';
COMMENT ON COLUMN quota.day_slots IS 'public: requests per ten-minute slot, newest first';
COMMENT ON COLUMN quota.history_slots IS 'public: of these, the requests that fetched history';
COMMENT ON COLUMN quota.minute_foreign IS 'public: requests that WHOOP counted in its running minute and we did not make';
COMMENT ON COLUMN quota.minute_foreign_until IS 'public: end of that minute';
COMMENT ON COLUMN quota.day_foreign IS 'public: requests that WHOOP counted in its running day and we did not make';
COMMENT ON COLUMN quota.day_foreign_until IS 'public: end of that day';
-- Kept up for replicas of the version before, which know no slots.
COMMENT ON COLUMN quota.minute_ends_at IS 'public: when the version before may begin a new minute';
COMMENT ON COLUMN quota.minute_used IS 'public: requests in the last minute';
COMMENT ON COLUMN quota.day_ends_at IS 'public: when the version before may begin a new day';
COMMENT ON COLUMN quota.day_used IS 'public: requests in the last day';
