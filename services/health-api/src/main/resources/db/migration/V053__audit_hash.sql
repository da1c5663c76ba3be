-- Each read of health data waits for its entry, so the text under a hash is put together without a function call for each column. It is the
-- same text as before, and chains go on as they are.

CREATE OR REPLACE FUNCTION audit_hash(previous bytea, entry audit_event) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    shard  text := entry.shard;
    seq    text := entry.seq;
    id     text := entry.id;
    micros text := CAST(extract(epoch FROM entry.at) * 1000000 AS bigint);
    member text := entry.member_id;
BEGIN
    RETURN sha256(coalesce(previous, ''::bytea) || convert_to(concat(
        octet_length(shard), ':', shard, octet_length(seq), ':', seq, octet_length(id), ':', id,
        octet_length(micros), ':', micros, octet_length(entry.action), ':', entry.action,
        octet_length(entry.actor), ':', entry.actor,
        coalesce(octet_length(entry.actor_id) || ':' || entry.actor_id, '-'),
        coalesce(octet_length(member) || ':' || member, '-'),
        coalesce(octet_length(entry.purpose) || ':' || entry.purpose, '-'),
        coalesce(octet_length(entry.object) || ':' || entry.object, '-'),
        octet_length(entry.outcome), ':', entry.outcome,
        coalesce(octet_length(entry.reason) || ':' || entry.reason, '-')), 'UTF8'));
END $$;
