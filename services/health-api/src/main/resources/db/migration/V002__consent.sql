-- What each member agreed to: every decision is kept, the newest one counts.

CREATE TABLE consent (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member     uuid        NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    purpose    text        NOT NULL CHECK (purpose IN ('health_data')),
    granted    boolean     NOT NULL,
    version    text        NOT NULL,
    decided_at timestamptz NOT NULL,
    applied_at timestamptz
);
CREATE INDEX consent_newest ON consent (member, purpose, id DESC);
CREATE INDEX consent_unapplied ON consent (id) WHERE applied_at IS NULL;
COMMENT ON COLUMN consent.id IS 'public: order of the decisions';
COMMENT ON COLUMN consent.member IS 'personal: who decided';
COMMENT ON COLUMN consent.purpose IS 'public: what for';
COMMENT ON COLUMN consent.granted IS 'personal: the decision';
COMMENT ON COLUMN consent.version IS 'public: which wording was shown';
COMMENT ON COLUMN consent.decided_at IS 'personal: when';
COMMENT ON COLUMN consent.applied_at IS 'public: when everything that follows from it was done; null: still to do';

GRANT SELECT, INSERT, UPDATE ON consent TO ${app_role};
