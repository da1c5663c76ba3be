-- A day says of which kind WHOOP deleted its record. Tombstones of before, and those that a replica of the release before writes, know no day
-- and say nothing; so does one of a record that we never had.
ALTER TABLE tombstone
    ADD COLUMN local_date date,
    ADD COLUMN nap        boolean NOT NULL DEFAULT false;
CREATE INDEX tombstone_day ON tombstone (member_id, local_date) WHERE local_date IS NOT NULL;

COMMENT ON COLUMN tombstone.local_date IS 'health: the local day the record belonged to, null if it was not known';
COMMENT ON COLUMN tombstone.nap IS 'health: the record was a nap, which a day does without';
