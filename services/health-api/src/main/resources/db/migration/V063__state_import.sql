-- Which exports this database was filled with, so that an import that is run again does nothing. The application has no right to it.
CREATE TABLE state_import (
    export      uuid        PRIMARY KEY,
    imported_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

COMMENT ON TABLE state_import IS 'Exports that were imported into this database.';
COMMENT ON COLUMN state_import.export IS 'public: id of the export';
COMMENT ON COLUMN state_import.imported_at IS 'public: when it was complete';

-- Export and import take every row of every member. They work as the owner of the tables, whom forced row-level security binds too and who
-- names the worker transfer; nobody else gets a row by naming it. Later tables have it from protect_rows.
CREATE OR REPLACE PROCEDURE protect_rows(guarded regclass, whose name DEFAULT 'member') LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY own_rows ON %s USING (%I = (SELECT current_member()))', guarded, whose);
    EXECUTE format('CREATE POLICY worker_transfer ON %s TO CURRENT_USER USING ((SELECT current_worker()) = %L)', guarded, 'transfer');
END $$;

DO $$
DECLARE guarded regclass;
BEGIN
    FOR guarded IN
        SELECT class.oid FROM pg_class AS class
         WHERE class.relrowsecurity AND class.relnamespace = CAST('public' AS regnamespace)
         ORDER BY class.relname
    LOOP
        EXECUTE format('CREATE POLICY worker_transfer ON %s TO CURRENT_USER USING ((SELECT current_worker()) = %L)', guarded, 'transfer');
    END LOOP;
END $$;
