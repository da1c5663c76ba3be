-- What members let programs read with. A key is one row; during a rotation its old value works beside the new one.

CREATE TABLE api_key (
    id             uuid        PRIMARY KEY,
    member         uuid        NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    name           text        NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    hint           text        NOT NULL,
    hash           bytea       NOT NULL UNIQUE,
    previous_hash  bytea       UNIQUE,
    previous_until timestamptz,
    scopes         text[]      NOT NULL CHECK (cardinality(scopes) > 0),
    lifetime_days  integer     NOT NULL CHECK (lifetime_days BETWEEN 1 AND 365),
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    last_used_at   timestamptz,
    CONSTRAINT api_key_rotation CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
);
CREATE INDEX api_key_member ON api_key (member);
CREATE INDEX api_key_expires_at ON api_key (expires_at);
COMMENT ON COLUMN api_key.id IS 'public: name of the key in the API';
COMMENT ON COLUMN api_key.member IS 'personal: whose data it reads; nobody else''s';
COMMENT ON COLUMN api_key.name IS 'personal: what its owner calls it';
COMMENT ON COLUMN api_key.hint IS 'personal: how the value begins';
COMMENT ON COLUMN api_key.hash IS 'secret: SHA-256 of the value; the value itself is stored nowhere';
COMMENT ON COLUMN api_key.previous_hash IS 'secret: SHA-256 of the value before the last rotation';
COMMENT ON COLUMN api_key.previous_until IS 'public: end of the value before the last rotation';
COMMENT ON COLUMN api_key.scopes IS 'public: what it may be used for';
COMMENT ON COLUMN api_key.lifetime_days IS 'public: how long each rotation lets it live';
COMMENT ON COLUMN api_key.created_at IS 'personal: when it was made';
COMMENT ON COLUMN api_key.expires_at IS 'public: end of the newest value';
COMMENT ON COLUMN api_key.last_used_at IS 'personal: last use, exact to the hour';

GRANT SELECT, INSERT, UPDATE, DELETE ON api_key TO ${app_role};
