-- What those who run Vitals may see of members: states and ages, never a value. The worker admin is admitted for the owner of the tables only,
-- so the application gets nothing by naming it; it sees what these views and functions show, and they name no column of the class health.

ALTER TABLE sahha_inbox ADD COLUMN outcome text;
COMMENT ON COLUMN sahha_inbox.outcome IS 'public: code of why the last try failed; null when none did';

DO $$
DECLARE guarded regclass;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['member', 'sahha_profile', 'source_state', 'sahha_inbox']::regclass[] LOOP
        EXECUTE format('CREATE POLICY worker_admin ON %s TO CURRENT_USER USING ((SELECT current_worker()) = %L)', guarded, 'admin');
    END LOOP;
END $$;

CREATE VIEW admin_member AS
    SELECT m.id AS member, m.created_at, coalesce(w.state, 'none') AS whoop, coalesce(p.state, 'none') AS sahha
      FROM member m
      LEFT JOIN source_state w ON w.member = m.id AND w.source = 'whoop'
      LEFT JOIN sahha_profile p ON p.member = m.id;
COMMENT ON VIEW admin_member IS 'Members with the state of their sources, for the admin view.';

CREATE VIEW admin_dead_letter AS
    SELECT id, event_type, coalesce(outcome, 'unknown') AS outcome, attempts, received_at FROM sahha_inbox WHERE state = 'dead';
COMMENT ON VIEW admin_dead_letter IS 'Events of Sahha that were given up, without whose they are and what they say.';

-- Puts events that were given up back into the queue; null means whatever. Returns how many.
CREATE FUNCTION admin_replay_sahha(only_id bigint, since timestamptz, until timestamptz, due timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    replayed bigint;
BEGIN
    UPDATE sahha_inbox SET state = 'new', attempts = 0, outcome = NULL, due_at = due
     WHERE id = ANY (ARRAY(SELECT i.id FROM sahha_inbox i
                            WHERE i.state = 'dead' AND (only_id IS NULL OR i.id = only_id)
                              AND (since IS NULL OR i.received_at >= since) AND (until IS NULL OR i.received_at < until)
                            ORDER BY i.id LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS replayed = ROW_COUNT;
    RETURN replayed;
END $$;

REVOKE ALL ON FUNCTION admin_replay_sahha(bigint, timestamptz, timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admin_replay_sahha(bigint, timestamptz, timestamptz, timestamptz, integer) TO ${app_role};
GRANT SELECT ON admin_member, admin_dead_letter TO ${app_role};
