-- What the issuer calls a sign-in, so that it can end it, and which of its logout tokens were used.

ALTER TABLE session ADD COLUMN issuer_session bytea;
CREATE INDEX session_issuer_session ON session (issuer_session) WHERE issuer_session IS NOT NULL;
COMMENT ON COLUMN session.issuer_session IS 'secret: SHA-256 of the issuer''s session id; null when it named none';

CREATE TABLE logout_token (
    token_hash bytea       PRIMARY KEY,
    until      timestamptz NOT NULL
);
COMMENT ON COLUMN logout_token.token_hash IS 'public: SHA-256 of the id of a logout token that was used';
COMMENT ON COLUMN logout_token.until IS 'public: when it would be too old anyway';

GRANT SELECT, INSERT, DELETE ON logout_token TO ${app_role};
