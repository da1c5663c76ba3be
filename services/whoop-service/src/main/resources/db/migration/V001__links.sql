CREATE TABLE link (
    member_id         uuid        PRIMARY KEY,
    whoop_user_id     bigint      NOT NULL,
    state             text        NOT NULL CHECK (state IN ('active', 'refreshing', 'refresh_failing', 'reauth_required', 'revoked')),
    reason            text,
    since             timestamptz NOT NULL,
    scopes            text        NOT NULL,
    access_token      bytea,
    refresh_token     bytea,
    access_expires_at timestamptz,
    refresh_due_at    timestamptz,
    refresh_failures  integer     NOT NULL DEFAULT 0,
    generation        bigint      NOT NULL DEFAULT 1,
    lease_holder      uuid,
    lease_until       timestamptz,
    revocation_due_at timestamptz,
    last_webhook_at   timestamptz,
    last_sync_at      timestamptz
);
-- One WHOOP account feeds one member; a revoked link frees it.
CREATE UNIQUE INDEX link_one_member_per_account ON link (whoop_user_id) WHERE state <> 'revoked';
CREATE INDEX link_refresh_due ON link (refresh_due_at) WHERE refresh_due_at IS NOT NULL;
CREATE INDEX link_revocation_due ON link (revocation_due_at) WHERE revocation_due_at IS NOT NULL;

COMMENT ON TABLE link IS 'One row per member who ever connected a WHOOP account.';
COMMENT ON COLUMN link.member_id IS 'personal: the opaque member id of health-api';
COMMENT ON COLUMN link.whoop_user_id IS 'personal: WHOOP''s number for the account';
COMMENT ON COLUMN link.state IS 'public: state of the link';
COMMENT ON COLUMN link.reason IS 'public: code that says why the state is not active';
COMMENT ON COLUMN link.since IS 'public: when the link last became active, lost or revoked';
COMMENT ON COLUMN link.scopes IS 'public: scopes granted, separated by spaces';
COMMENT ON COLUMN link.access_token IS 'secret: Tink envelope, associated data member, provider, column';
COMMENT ON COLUMN link.refresh_token IS 'secret: Tink envelope, associated data member, provider, column';
COMMENT ON COLUMN link.access_expires_at IS 'public: end of the access token';
COMMENT ON COLUMN link.refresh_due_at IS 'public: when to refresh ahead of expiry; null when there is nothing to refresh';
COMMENT ON COLUMN link.refresh_failures IS 'public: refreshes that failed in a row';
COMMENT ON COLUMN link.generation IS 'public: fencing number, grows with every new token pair and with disconnection';
COMMENT ON COLUMN link.lease_holder IS 'public: who refreshes at the moment';
COMMENT ON COLUMN link.lease_until IS 'public: until when the refresher may be trusted to be alive';
COMMENT ON COLUMN link.revocation_due_at IS 'public: when to tell WHOOP of a disconnection it has not confirmed';
COMMENT ON COLUMN link.last_webhook_at IS 'public: last accepted webhook for the account';
COMMENT ON COLUMN link.last_sync_at IS 'public: last finished sync';

CREATE TABLE oauth_state (
    state_hash      bytea       PRIMARY KEY,
    member_id       uuid        NOT NULL,
    session_binding text        NOT NULL,
    verifier        bytea       NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz
);
CREATE INDEX oauth_state_expiry ON oauth_state (expires_at);

COMMENT ON TABLE oauth_state IS 'Authorizations that were started; each ends once, within ten minutes, in the session that began it.';
COMMENT ON COLUMN oauth_state.state_hash IS 'secret: SHA-256 of the state parameter';
COMMENT ON COLUMN oauth_state.member_id IS 'personal: the member who started';
COMMENT ON COLUMN oauth_state.session_binding IS 'secret: hash of the browser session that started';
COMMENT ON COLUMN oauth_state.verifier IS 'secret: PKCE verifier in a Tink envelope';
COMMENT ON COLUMN oauth_state.expires_at IS 'public: end of validity';
COMMENT ON COLUMN oauth_state.used_at IS 'public: when it was used up';

CREATE TABLE service_nonce (
    nonce      text        PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX service_nonce_expiry ON service_nonce (expires_at);

COMMENT ON TABLE service_nonce IS 'Nonces of signed service calls, so that a call counts once whichever replica it reaches.';
COMMENT ON COLUMN service_nonce.nonce IS 'public: nonce of the signature';
COMMENT ON COLUMN service_nonce.expires_at IS 'public: when the signature itself is too old to be accepted';

GRANT SELECT, INSERT, UPDATE, DELETE ON link, oauth_state TO ${app_role};
GRANT SELECT, INSERT, DELETE ON service_nonce TO ${app_role};
