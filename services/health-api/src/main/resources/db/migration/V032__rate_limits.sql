-- How far each caller has used up what they may ask for, shared by all replicas. Unlogged: it is written with every counted request, and
-- after a crash of the database everybody starts with full limits.

CREATE UNLOGGED TABLE rate_bucket (
    caller    bytea  PRIMARY KEY,
    first_at  bigint NOT NULL,
    second_at bigint NOT NULL,
    third_at  bigint NOT NULL,
    granted   bigint NOT NULL
);
COMMENT ON COLUMN rate_bucket.caller IS 'personal: SHA-256 of member, key or address; gone once all windows are full again';
COMMENT ON COLUMN rate_bucket.first_at IS 'public: when the shortest window is full again, in microseconds since 1970';
COMMENT ON COLUMN rate_bucket.second_at IS 'public: when the middle window is full again';
COMMENT ON COLUMN rate_bucket.third_at IS 'public: when the longest window is full again';
COMMENT ON COLUMN rate_bucket.granted IS 'public: requests let through by the last question';

GRANT SELECT, INSERT, UPDATE, DELETE ON rate_bucket TO ${app_role};
