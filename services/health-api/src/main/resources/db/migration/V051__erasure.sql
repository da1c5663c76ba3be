-- Erasure and export go by the catalogue: a table that names a member is in both as soon as it exists, and nobody has to remember it.

-- Which tables hold rows about a member, and by what. The audit log keeps pseudonyms, so that its chains stay whole; the ledger of
-- erasures says that there was somebody and nothing else. The member's own row goes last, as others refer to it.
CREATE FUNCTION personal_tables() RETURNS TABLE (name name, condition text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.relname, CASE WHEN c.relname = 'member' THEN 'id = $1' ELSE 'member = $1' END
      FROM pg_class c
     WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND (c.relname = 'member'
            OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'member' AND NOT a.attisdropped))
     ORDER BY c.relname = 'member', c.relname
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
    -- Who works for a member already sees no other's rows here either.
    IF coalesce(before, '') = '' THEN
        PERFORM set_config('vitals.member', of_member::text, true);
    END IF;
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
    -- Who works for a member already sees no other's rows here either.
    IF coalesce(before, '') = '' THEN
        PERFORM set_config('vitals.member', of_member::text, true);
    END IF;
    FOR entry IN SELECT * FROM personal_tables() LOOP
        EXECUTE format('SELECT count(*) FROM %I WHERE %s', entry.name, entry.condition) INTO part USING of_member;
        total := total + part;
    END LOOP;
    PERFORM set_config('vitals.member', coalesce(before, ''), true);
    RETURN total;
END $$;

CREATE FUNCTION personal_erase(of_member uuid) RETURNS TABLE (name text, removed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry  record;
    before text := current_setting('vitals.member', true);
BEGIN
    -- Who works for a member already sees no other's rows here either.
    IF coalesce(before, '') = '' THEN
        PERFORM set_config('vitals.member', of_member::text, true);
    END IF;
    FOR entry IN SELECT * FROM personal_tables() LOOP
        EXECUTE format('DELETE FROM %I WHERE %s', entry.name, entry.condition) USING of_member;
        GET DIAGNOSTICS removed = ROW_COUNT;
        name := entry.name;
        RETURN NEXT;
    END LOOP;
    PERFORM set_config('vitals.member', coalesce(before, ''), true);
END $$;

REVOKE ALL ON FUNCTION personal_tables(), personal_condition(name), personal_columns(name), personal_rows(uuid, name, bigint, integer),
    personal_left(uuid), personal_erase(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION personal_tables(), personal_rows(uuid, name, bigint, integer), personal_left(uuid), personal_erase(uuid)
    TO ${app_role};

-- The ledger of erasures, which is also their queue. It outlives what it is about: with it, an old backup is made to forget again.
CREATE TABLE erasure (
    id            uuid        PRIMARY KEY,
    pseudonym     uuid        NOT NULL UNIQUE,
    requested_at  timestamptz NOT NULL,
    ledgered_at   timestamptz,
    sahha_done_at timestamptz,
    whoop_done_at timestamptz,
    barrier       xid8,
    completed_at  timestamptz,
    removed       json,
    attempts      integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    due_at        timestamptz NOT NULL
);
CREATE INDEX erasure_due ON erasure (due_at) WHERE completed_at IS NULL;
COMMENT ON COLUMN erasure.id IS 'personal: unguessable handle of the certificate';
COMMENT ON COLUMN erasure.pseudonym IS 'personal: the id that the member had; nothing says any more whose it was';
COMMENT ON COLUMN erasure.requested_at IS 'personal: when it was asked for';
COMMENT ON COLUMN erasure.ledgered_at IS 'public: when it was written to the ledger outside the database';
COMMENT ON COLUMN erasure.sahha_done_at IS 'public: when Sahha was stopped';
COMMENT ON COLUMN erasure.whoop_done_at IS 'public: when whoop-service had given back the consent and removed everything';
COMMENT ON COLUMN erasure.barrier IS 'public: transactions from before this one may not know of the erasure and have to end first';
COMMENT ON COLUMN erasure.completed_at IS 'personal: when nothing was left';
COMMENT ON COLUMN erasure.removed IS 'public: number of rows removed, by service and table';
COMMENT ON COLUMN erasure.attempts IS 'public: tries so far';
COMMENT ON COLUMN erasure.due_at IS 'public: when it is tried next; moved forward by who claims it';
GRANT SELECT, INSERT, UPDATE ON erasure TO ${app_role};

-- The second layer under the check of the service, as row-level security is for what an erasure removes: a request can ask for its own member
-- only. The command that replays the ledger works for nobody.
CREATE FUNCTION own_erasure() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_member() <> NEW.pseudonym THEN
        RAISE EXCEPTION 'an erasure can be asked for by its own member only' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_erasure BEFORE INSERT ON erasure FOR EACH ROW EXECUTE FUNCTION own_erasure();

-- Whoever still works for the member writes into the void from the moment the erasure is in the ledger. The transaction gets its number
-- before it looks, so that the erasure can tell who may have looked too early.
CREATE FUNCTION forget_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_current_xact_id();
    IF EXISTS (SELECT FROM erasure e WHERE e.pseudonym = NEW.member) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;

-- For every table with the column member that has no foreign key to stop such a row; later tables call this too.
CREATE PROCEDURE guard_against_erased(guarded regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER forget_erased BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION forget_erased()', guarded);
END $$;
REVOKE EXECUTE ON PROCEDURE guard_against_erased FROM PUBLIC;

DO $$
DECLARE
    entry record;
BEGIN
    FOR entry IN SELECT t.name FROM personal_tables() t
                  WHERE t.name <> 'member'
                    AND NOT EXISTS (SELECT FROM pg_constraint f
                                     WHERE f.conrelid = CAST(quote_ident(t.name) AS regclass) AND f.contype = 'f'
                                       AND f.confrelid = CAST('member' AS regclass)) LOOP
        CALL guard_against_erased(CAST(quote_ident(entry.name) AS regclass));
    END LOOP;
END $$;
