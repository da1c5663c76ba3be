-- Erasure and export go by the catalogue: a table that names a member is in both as soon as it exists, and nobody has to remember it.

-- The WHOOP accounts that are or were a member's. One that another member has linked meanwhile is theirs now.
CREATE FUNCTION personal_accounts(of_member uuid) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    accounts bigint[] := '{}';
    part     bigint[];
    entry    name;
BEGIN
    FOR entry IN SELECT c.relname FROM pg_class c
                  WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                    AND 2 = (SELECT count(*) FROM pg_attribute a
                              WHERE a.attrelid = c.oid AND a.attname IN ('member_id', 'whoop_user_id') AND NOT a.attisdropped) LOOP
        EXECUTE format('SELECT array_agg(DISTINCT whoop_user_id) FROM %I WHERE member_id = $1', entry) INTO part USING of_member;
        accounts := accounts || coalesce(part, '{}');
    END LOOP;
    RETURN QUERY SELECT DISTINCT account FROM unnest(accounts) AS account
                  WHERE account IS NOT NULL
                    AND NOT EXISTS (SELECT FROM link l WHERE l.whoop_user_id = account AND l.member_id <> of_member AND l.state <> 'revoked');
END $$;

-- Which tables hold rows about a member, and by what; those first that can only be found through others. The audit log keeps pseudonyms,
-- so that its chains stay whole.
CREATE FUNCTION personal_tables() RETURNS TABLE (name name, condition text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.name, t.condition FROM (
        SELECT c.relname,
               CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'member_id' AND NOT a.attisdropped)
                         THEN 'member_id = $1'
                    WHEN c.relname = 'sync_listed'
                         THEN 'reconciliation_id IN (SELECT w.reconciliation_id FROM sync_walk w WHERE w.member_id = $1)'
                    WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'whoop_user_id' AND NOT a.attisdropped)
                         THEN 'whoop_user_id IN (SELECT personal_accounts($1))'
               END
          FROM pg_class c
         WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND c.relname <> 'audit_event') AS t (name, condition)
     WHERE t.condition IS NOT NULL
     ORDER BY t.condition = 'member_id = $1', t.name = 'link', t.name
$$;

CREATE FUNCTION personal_condition(of_table name) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.condition FROM personal_tables() t WHERE t.name = of_table
$$;

-- The columns of a table that a member gets to see: all but secrets.
CREATE FUNCTION personal_columns(of_table name) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT string_agg(CASE WHEN a.atttypid = CAST('bytea' AS regtype) THEN format('encode(%I, ''base64'') AS %I', a.attname, a.attname)
                           ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum)
      FROM pg_attribute a
     WHERE a.attrelid = CAST(quote_ident(of_table) AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
       AND col_description(a.attrelid, a.attnum) !~ '^secret:'
$$;

-- A page of a table's rows about a member, as JSON.
CREATE FUNCTION personal_rows(of_member uuid, of_table name, skip bigint, most integer) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    condition text := personal_condition(of_table);
    before    text := current_setting('vitals.member', true);
BEGIN
    IF condition IS NULL THEN
        RAISE EXCEPTION 'holds nothing about a member' USING ERRCODE = '42P01';
    END IF;
    PERFORM set_config('vitals.member', of_member::text, true);
    RETURN QUERY EXECUTE format(
        'SELECT row_to_json(r)::text FROM (SELECT %s FROM %I WHERE %s ORDER BY ctid OFFSET $2 LIMIT $3) AS r',
        personal_columns(of_table), of_table, condition) USING of_member, skip, most;
    PERFORM set_config('vitals.member', coalesce(before, ''), true);
END $$;

-- How many rows about a member each table still holds.
CREATE FUNCTION personal_left(of_member uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry  record;
    part   bigint;
    total  bigint := 0;
    before text := current_setting('vitals.member', true);
BEGIN
    PERFORM set_config('vitals.member', of_member::text, true);
    FOR entry IN SELECT * FROM personal_tables() LOOP
        EXECUTE format('SELECT count(*) FROM %I WHERE %s', entry.name, entry.condition) INTO part USING of_member;
        total := total + part;
    END LOOP;
    PERFORM set_config('vitals.member', coalesce(before, ''), true);
    RETURN total;
END $$;

-- A link keeps its row until its tokens are destroyed, which is after the consent was given back.
CREATE FUNCTION personal_erase(of_member uuid) RETURNS TABLE (name text, removed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT * FROM personal_tables() LOOP
        EXECUTE format('DELETE FROM %I WHERE %s%s', entry.name, entry.condition,
                       CASE WHEN entry.name = 'link' THEN ' AND access_token IS NULL AND refresh_token IS NULL' ELSE '' END)
            USING of_member;
        GET DIAGNOSTICS removed = ROW_COUNT;
        name := entry.name;
        RETURN NEXT;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION personal_tables(), personal_condition(name), personal_accounts(uuid), personal_columns(name), personal_rows(uuid, name, bigint, integer),
    personal_left(uuid), personal_erase(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION personal_tables(), personal_rows(uuid, name, bigint, integer), personal_left(uuid), personal_erase(uuid)
    TO ${app_role};
