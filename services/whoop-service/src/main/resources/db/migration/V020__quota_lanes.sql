-- Who used the day's budget: each lane's requests in the same slots as the whole. History had its own before.
ALTER TABLE quota
    ADD COLUMN webhook_slots integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN member_slots  integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN poll_slots    integer[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN quota.webhook_slots IS 'public: of the requests in day_slots, those that webhooks caused';
COMMENT ON COLUMN quota.member_slots IS 'public: of the requests in day_slots, those that a member waited for';
COMMENT ON COLUMN quota.poll_slots IS 'public: of the requests in day_slots, those of regular looking';
