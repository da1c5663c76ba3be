ALTER TABLE webhook_inbox ADD COLUMN lost_claims integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN webhook_inbox.lost_claims IS 'public: claims that ran out because their worker died; an event that kills its worker must not come back for ever';
COMMENT ON COLUMN webhook_inbox.attempts IS 'public: attempts that failed; waiting for quota or a refresh and a killed worker cost none';

-- One fetch answers for all pending events of a record, so a claim looks for them.
CREATE INDEX webhook_inbox_object ON webhook_inbox (whoop_user_id, object_id) WHERE state = 'pending';
CREATE INDEX webhook_inbox_parked_since ON webhook_inbox (received_at) WHERE state = 'parked';

-- Every event leaves dead entries at the head of the queue's index; vacuum has to come by the thousand rows, not by the fifth of the table.
ALTER TABLE webhook_inbox SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
