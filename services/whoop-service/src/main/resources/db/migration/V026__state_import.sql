-- Which exports this database was filled with, so that an import that is run again does nothing. The application has no right to it.
CREATE TABLE state_import (
    export      uuid        PRIMARY KEY,
    imported_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE state_import IS 'Exports that were imported into this database.';
COMMENT ON COLUMN state_import.export IS 'public: id of the export';
COMMENT ON COLUMN state_import.imported_at IS 'public: when it was complete';
