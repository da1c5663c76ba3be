-- Who may sign in, and their browsers' sessions. Column comments open with the class of the data in the column.

CREATE TABLE member (
    id         uuid        PRIMARY KEY,
    issuer     text        NOT NULL,
    subject    text        NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT member_identity UNIQUE (issuer, subject)
);
COMMENT ON COLUMN member.id IS 'personal: opaque id, minted here, the only name other services know';
COMMENT ON COLUMN member.issuer IS 'public: who vouches for the subject';
COMMENT ON COLUMN member.subject IS 'personal: the issuer''s name for the person';
COMMENT ON COLUMN member.created_at IS 'personal: first sign-in';

CREATE TABLE login_attempt (
    state_hash   bytea       PRIMARY KEY,
    browser_hash bytea       NOT NULL,
    sealed       bytea       NOT NULL,
    target       text        NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX login_attempt_expires_at ON login_attempt (expires_at);
COMMENT ON COLUMN login_attempt.state_hash IS 'secret: SHA-256 of the state sent to the issuer';
COMMENT ON COLUMN login_attempt.browser_hash IS 'secret: SHA-256 of the cookie of the browser that started';
COMMENT ON COLUMN login_attempt.sealed IS 'secret: nonce and PKCE verifier, encrypted';
COMMENT ON COLUMN login_attempt.target IS 'public: local path to go to afterwards';
COMMENT ON COLUMN login_attempt.expires_at IS 'public: end of the attempt';

CREATE TABLE session (
    id_hash             bytea       PRIMARY KEY,
    member              uuid        NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    tokens              bytea       NOT NULL,
    access_expires_at   timestamptz NOT NULL,
    created_at          timestamptz NOT NULL,
    last_seen_at        timestamptz NOT NULL,
    absolute_expires_at timestamptz NOT NULL
);
CREATE INDEX session_member ON session (member);
CREATE INDEX session_absolute_expires_at ON session (absolute_expires_at);
COMMENT ON COLUMN session.id_hash IS 'secret: SHA-256 of the cookie; the cookie itself is stored nowhere';
COMMENT ON COLUMN session.member IS 'personal: whose session';
COMMENT ON COLUMN session.tokens IS 'secret: access and refresh token, encrypted and bound to id_hash';
COMMENT ON COLUMN session.access_expires_at IS 'public: end of the access token';
COMMENT ON COLUMN session.created_at IS 'personal: sign-in';
COMMENT ON COLUMN session.last_seen_at IS 'personal: last use, exact to the minute';
COMMENT ON COLUMN session.absolute_expires_at IS 'public: end whatever the use';

GRANT SELECT, INSERT ON member TO ${app_role};
GRANT SELECT, INSERT, DELETE ON login_attempt TO ${app_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO ${app_role};
