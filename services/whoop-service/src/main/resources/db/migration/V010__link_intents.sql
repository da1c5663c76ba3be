ALTER TABLE link
    ADD COLUMN state_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN refresh_intents   integer     NOT NULL DEFAULT 0 CHECK (refresh_intents >= 0),
    ADD COLUMN refresh_intent_at timestamptz;
UPDATE link SET state_at = since;

COMMENT ON COLUMN link.state_at IS 'public: when the link came into its present state';
COMMENT ON COLUMN link.refresh_intents IS 'public: how often the present refresh token was about to be sent without the outcome being known since';
COMMENT ON COLUMN link.refresh_intent_at IS 'public: when it was about to be sent last; null when the outcome of every refresh is known';
