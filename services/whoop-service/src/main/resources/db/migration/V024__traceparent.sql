-- A trace goes on over a queue. A replica of the release before leaves the columns alone: its work begins a trace of its own.
ALTER TABLE webhook_inbox ADD COLUMN traceparent text;
ALTER TABLE sync_cursor ADD COLUMN traceparent text;
ALTER TABLE change ADD COLUMN traceparent text;

COMMENT ON COLUMN webhook_inbox.traceparent IS 'public: where the trace of the request stood that brought it, as W3C has it; null without one';
COMMENT ON COLUMN sync_cursor.traceparent IS 'public: where the trace of whoever asked for it stood; null when nobody did, or without one';
COMMENT ON COLUMN change.traceparent IS 'public: where the trace of what changed it stood; null without one';
