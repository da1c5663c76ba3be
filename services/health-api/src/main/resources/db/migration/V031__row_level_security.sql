-- The second layer under the checks of the service: no row of a member is there for a transaction that does not say for whom it runs.
-- vitals.member names a member, vitals.worker a part of the service that works for all; both are set inside the transaction and end with
-- it. Forced, so it binds the owner of the tables too: a later migration that changes rows has to name a worker.

CREATE FUNCTION current_member() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CAST(nullif(current_setting('vitals.member', true), '') AS uuid);

CREATE FUNCTION current_worker() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('vitals.worker', true), '');

-- For every table with a column that says whose the row is. The subselect makes the server look once and not for each row.
CREATE PROCEDURE protect_rows(guarded regclass, whose name DEFAULT 'member') LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY own_rows ON %s USING (%I = (SELECT current_member()))', guarded, whose);
END $$;

CREATE PROCEDURE admit_worker(guarded regclass, worker text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE POLICY %I ON %s USING ((SELECT current_worker()) = %L)', 'worker_' || worker, guarded, worker);
END $$;

REVOKE EXECUTE ON PROCEDURE protect_rows, admit_worker FROM PUBLIC;

CALL protect_rows('member', 'id');
CALL admit_worker('member', 'door');

DO $$
DECLARE guarded regclass;
BEGIN
    FOR guarded IN
        SELECT class.oid FROM pg_class AS class
          JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attname = 'member'
         WHERE class.relkind = 'r' AND class.relnamespace = CAST('public' AS regnamespace)
         ORDER BY class.relname
    LOOP
        CALL protect_rows(guarded);
    END LOOP;
END $$;

-- Who is calling is not known before these were looked at.
CALL admit_worker('session', 'door');
CALL admit_worker('api_key', 'door');
CALL admit_worker('api_key', 'key-admin');

CALL admit_worker('consent', 'consents');

CALL admit_worker('sahha_profile', 'sahha');
CALL admit_worker('sahha_inbox', 'sahha');
CALL admit_worker('sahha_score', 'sahha');
CALL admit_worker('sahha_biomarker', 'sahha');
-- What it tells the projector, in the transaction that stored it.
CALL admit_worker('source_state', 'sahha');
CALL admit_worker('rebuild_request', 'sahha');
CALL admit_worker('daily_record', 'sahha');

CALL admit_worker('sahha_score', 'projector');
CALL admit_worker('sahha_biomarker', 'projector');
CALL admit_worker('whoop_day', 'projector');
CALL admit_worker('source_state', 'projector');
CALL admit_worker('rebuild_request', 'projector');
CALL admit_worker('daily_record', 'projector');
