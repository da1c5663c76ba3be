-- The account token of Sahha, fetched by one replica for all of them.

CREATE TABLE sahha_token (
    client_id    text        PRIMARY KEY,
    number       bigint      NOT NULL,
    sealed       bytea,
    usable_until timestamptz,
    claim        uuid,
    lease_until  timestamptz
);
COMMENT ON COLUMN sahha_token.client_id IS 'public: whose token';
COMMENT ON COLUMN sahha_token.number IS 'public: grows with every token, so that who was refused can tell a newer one';
COMMENT ON COLUMN sahha_token.sealed IS 'secret: the token, sealed; null before the first one';
COMMENT ON COLUMN sahha_token.usable_until IS 'public: when a new one is fetched, some minutes before it ends';
COMMENT ON COLUMN sahha_token.claim IS 'public: who fetches the next one';
COMMENT ON COLUMN sahha_token.lease_until IS 'public: until when nobody else does; who dies lets it pass';

GRANT SELECT, INSERT, UPDATE, DELETE ON sahha_token TO ${app_role};
