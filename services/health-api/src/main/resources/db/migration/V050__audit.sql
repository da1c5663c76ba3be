-- Who did what to whose data, as a set of chains: each entry's hash covers the entry and the hash before it, so that none can be changed,
-- removed or put in between without it showing. There are 64 chains, and a writer takes one that nobody else is writing, so that writers
-- do not wait for each other. What all chains look like is signed and stored outside the database every half minute.
CREATE TABLE audit_event (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    action    text        NOT NULL,
    actor     text        NOT NULL,
    actor_id  text,
    member_id uuid,
    purpose   text,
    object    text,
    outcome   text        NOT NULL,
    reason    text,
    shard     smallint    NOT NULL,
    seq       bigint      NOT NULL,
    hash      bytea       NOT NULL
);
CREATE INDEX audit_event_member ON audit_event (member_id, id) WHERE member_id IS NOT NULL;
COMMENT ON TABLE audit_event IS 'Who did what to whose data. The application adds rows and can neither read, change nor delete them.';
COMMENT ON COLUMN audit_event.id IS 'public: order of the entries';
COMMENT ON COLUMN audit_event.at IS 'personal: when it was done';
COMMENT ON COLUMN audit_event.action IS 'public: what was done';
COMMENT ON COLUMN audit_event.member_id IS 'personal: whose data it was';
COMMENT ON COLUMN audit_event.object IS 'personal: id of the record, event or key concerned';
COMMENT ON COLUMN audit_event.outcome IS 'public: code of how it ended';
COMMENT ON COLUMN audit_event.reason IS 'public: code that says why';

-- The text under a hash: every column, led by its length, so that no two rows read alike. The verifier builds the same.
CREATE FUNCTION audit_part(part text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN coalesce(octet_length(part) || ':' || part, '-');

CREATE FUNCTION audit_hash(previous bytea, entry audit_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN sha256(coalesce(previous, ''::bytea) || convert_to(
        audit_part(entry.shard::text) || audit_part(entry.seq::text) || audit_part(entry.id::text)
        || audit_part(CAST(extract(epoch FROM entry.at) * 1000000 AS bigint)::text)
        || audit_part(entry.action) || audit_part(entry.actor) || audit_part(entry.actor_id)
        || audit_part(entry.member_id::text) || audit_part(entry.purpose) || audit_part(entry.object)
        || audit_part(entry.outcome) || audit_part(entry.reason), 'UTF8'));
END $$;

-- Runs as the owner of the table, because who writes may not read. The lock on a chain ends with the transaction, after its entries can be
-- seen, so the next writer always finds the newest one.
CREATE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first    integer := pg_backend_pid() % 64;
    newest   bigint;
    previous bytea;
BEGIN
    NEW.shard := NULL;
    FOR step IN 0..63 LOOP
        IF pg_try_advisory_xact_lock(1635083369, (first + step) % 64) THEN
            NEW.shard := (first + step) % 64;
            EXIT;
        END IF;
    END LOOP;
    IF NEW.shard IS NULL THEN
        PERFORM pg_advisory_xact_lock(1635083369, first);
        NEW.shard := first;
    END IF;
    SELECT e.seq, e.hash INTO newest, previous
      FROM audit_event e WHERE e.shard = NEW.shard ORDER BY e.seq DESC LIMIT 1;
    NEW.seq := coalesce(newest, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.hash := audit_hash(previous, NEW);
    RETURN NEW;
END $$;

CREATE UNIQUE INDEX audit_event_chain ON audit_event (shard, seq);
CREATE INDEX audit_event_actor ON audit_event (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE TRIGGER audit_event_link BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_link();

COMMENT ON COLUMN audit_event.actor IS 'public: kind of actor: system, whoop, member or operator, for example';
COMMENT ON COLUMN audit_event.actor_id IS 'personal: which one, if the kind does not say it all';
COMMENT ON COLUMN audit_event.purpose IS 'public: code of what for';
COMMENT ON COLUMN audit_event.shard IS 'public: the chain';
COMMENT ON COLUMN audit_event.seq IS 'public: number within the chain';
COMMENT ON COLUMN audit_event.hash IS 'public: SHA-256 of the hash before and of all other columns';

-- The application may read no row of the table itself; these functions give it what its tasks need.
CREATE FUNCTION audit_heads() RETURNS TABLE (shard smallint, seq bigint, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CAST(s AS smallint), h.seq, h.hash FROM generate_series(0, 63) AS s
     CROSS JOIN LATERAL (SELECT e.seq, e.hash FROM audit_event e WHERE e.shard = s ORDER BY e.seq DESC LIMIT 1) AS h
$$;

CREATE FUNCTION audit_entries(of_shard integer, after bigint, after_id bigint, most integer)
RETURNS TABLE (id bigint, seq bigint, at_micros bigint, action text, actor text, actor_id text, member_id text, purpose text, object text,
               outcome text, reason text, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.id, e.seq, CAST(extract(epoch FROM e.at) * 1000000 AS bigint), e.action, e.actor, e.actor_id, e.member_id::text, e.purpose,
           e.object, e.outcome, e.reason, e.hash
      FROM audit_event e WHERE e.shard = of_shard AND (e.seq, e.id) > (after, after_id)
     ORDER BY e.seq, e.id LIMIT most
$$;

-- Entries in none of the chains; there are none unless somebody bypassed the trigger.
CREATE FUNCTION audit_strays() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM audit_event e WHERE e.shard NOT BETWEEN 0 AND 63
$$;

-- Newest first; null means whatever.
CREATE FUNCTION audit_page(subject uuid, by_actor text, since timestamptz, until timestamptz, before bigint, most integer)
RETURNS TABLE (id bigint, at timestamptz, action text, actor text, actor_id text, member_id uuid, purpose text, object text, outcome text,
               reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT e.id, e.at, e.action, e.actor, e.actor_id, e.member_id, e.purpose, e.object, e.outcome, e.reason
                            FROM audit_event e WHERE true'
        || CASE WHEN subject IS NULL THEN '' ELSE ' AND e.member_id = $1' END
        || CASE WHEN by_actor IS NULL THEN '' ELSE ' AND e.actor_id = $2' END
        || CASE WHEN since IS NULL THEN '' ELSE ' AND e.at >= $3' END
        || CASE WHEN until IS NULL THEN '' ELSE ' AND e.at < $4' END
        || CASE WHEN before IS NULL THEN '' ELSE ' AND e.id < $5' END
        || ' ORDER BY e.id DESC LIMIT $6'
        USING subject, by_actor, since, until, before, most;
END $$;

-- Whose data an actor has touched, and when last: the question after a key was lost.
CREATE FUNCTION audit_touched(by_actor text, since timestamptz, until timestamptz, after uuid, most integer)
RETURNS TABLE (member_id uuid, entries bigint, first_at timestamptz, last_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.member_id, count(*), min(e.at), max(e.at) FROM audit_event e
     WHERE e.actor_id = by_actor AND e.member_id IS NOT NULL AND e.at >= since AND e.at < until AND (after IS NULL OR e.member_id > after)
     GROUP BY e.member_id ORDER BY e.member_id LIMIT most
$$;

-- Retention. Refuses what is younger than 180 days whoever asks, and leaves the newest entry of the chain, from which it goes on.
CREATE FUNCTION audit_expire(of_shard integer, up_to bigint, older timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    removed bigint;
BEGIN
    DELETE FROM audit_event e
     WHERE e.shard = of_shard AND e.seq <= up_to AND e.at < least(older, clock_timestamp() - INTERVAL '180 days')
       AND e.seq < (SELECT max(n.seq) FROM audit_event n WHERE n.shard = of_shard)
       AND NOT EXISTS (SELECT FROM audit_event y
                        WHERE y.shard = of_shard AND y.seq <= up_to
                          AND y.at >= least(older, clock_timestamp() - INTERVAL '180 days'));
    GET DIAGNOSTICS removed = ROW_COUNT;
    RETURN removed;
END $$;

REVOKE ALL ON FUNCTION audit_heads(), audit_strays(), audit_entries(integer, bigint, bigint, integer),
    audit_page(uuid, text, timestamptz, timestamptz, bigint, integer),
    audit_touched(text, timestamptz, timestamptz, uuid, integer), audit_expire(integer, bigint, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_heads(), audit_strays(), audit_entries(integer, bigint, bigint, integer),
    audit_page(uuid, text, timestamptz, timestamptz, bigint, integer),
    audit_touched(text, timestamptz, timestamptz, uuid, integer), audit_expire(integer, bigint, timestamptz) TO ${app_role};

-- Time, place and hash are the trigger's, so a writer cannot even name the columns.
REVOKE INSERT ON audit_event FROM ${app_role};
GRANT INSERT (at, action, actor, actor_id, member_id, purpose, object, outcome, reason) ON audit_event TO ${app_role};

-- Auditors who ask the database itself do so as this role, where a platform has made it.
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${app_role}_auditor') THEN
        GRANT SELECT ON audit_event TO ${app_role}_auditor;
    END IF;
END $$;
