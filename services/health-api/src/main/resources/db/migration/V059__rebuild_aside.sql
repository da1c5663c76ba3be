-- A day that cannot be rebuilt waits for its next try beside the others, which go on. A replica of the release before leaves all three alone.
ALTER TABLE rebuild_request
    ADD COLUMN attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    ADD COLUMN due_at   timestamptz,
    ADD COLUMN outcome  text;
CREATE INDEX rebuild_request_day ON rebuild_request (member, local_date);
CREATE INDEX rebuild_request_aside ON rebuild_request (id) WHERE attempts > 0;
COMMENT ON COLUMN rebuild_request.attempts IS 'public: tries that failed; over 0 means put aside';
COMMENT ON COLUMN rebuild_request.due_at IS 'public: when it is tried next; null means at once';
COMMENT ON COLUMN rebuild_request.outcome IS 'public: code of why the last try failed; null when none did';
