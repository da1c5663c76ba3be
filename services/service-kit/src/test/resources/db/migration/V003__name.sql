ALTER TABLE migrated_thing ADD COLUMN name text;
