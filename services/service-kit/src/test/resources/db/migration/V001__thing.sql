CREATE TABLE migrated_thing (id integer PRIMARY KEY);
