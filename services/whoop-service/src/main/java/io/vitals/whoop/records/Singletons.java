package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.Body;
import io.vitals.whoop.model.Profile;
import io.vitals.whoop.model.RecordType;

import java.time.Instant;

/** Profile and body: one row a member, the newest fetched. WHOOP gives them no version, so the later fetch wins. */
final class Singletons {
    private static final Sql PROFILE = Sql.named("profile-upsert", """
            INSERT INTO profile AS t (member_id, whoop_user_id, email, first_name, last_name, fetched_at, raw)
            VALUES (:member, :user, :email, :first_name, :last_name, :now, CAST(:raw AS jsonb))
            ON CONFLICT (member_id) DO UPDATE
            SET whoop_user_id = excluded.whoop_user_id, email = excluded.email, first_name = excluded.first_name,
                last_name = excluded.last_name, fetched_at = excluded.fetched_at, raw = excluded.raw
            WHERE t.fetched_at <= excluded.fetched_at AND (t.raw <> excluded.raw OR t.whoop_user_id <> excluded.whoop_user_id)
            RETURNING (t.xmax = 0) AS inserted""");

    private static final Sql BODY = Sql.named("body-upsert", """
            INSERT INTO body AS t (member_id, whoop_user_id, height_meter, weight_kilogram, max_heart_rate, fetched_at, raw)
            VALUES (:member, :user, :height_meter, :weight_kilogram, :max_heart_rate, :now, CAST(:raw AS jsonb))
            ON CONFLICT (member_id) DO UPDATE
            SET whoop_user_id = excluded.whoop_user_id, height_meter = excluded.height_meter,
                weight_kilogram = excluded.weight_kilogram, max_heart_rate = excluded.max_heart_rate,
                fetched_at = excluded.fetched_at, raw = excluded.raw
            WHERE t.fetched_at <= excluded.fetched_at AND (t.raw <> excluded.raw OR t.whoop_user_id <> excluded.whoop_user_id)
            RETURNING (t.xmax = 0) AS inserted""");

    private Singletons() {}

    /** A document as read, beside its raw form. */
    sealed interface Document {
        JsonNode raw();

        record OfProfile(Profile profile, JsonNode raw) implements Document {}

        record OfBody(Body body, JsonNode raw) implements Document {}
    }

    static Document read(RecordType type, byte[] json) throws UnreadableDocument {
        JsonNode raw = Documents.tree(json);
        try {
            return switch (type) {
                case PROFILE -> new Document.OfProfile(RecordReader.profile(Documents.storable(raw)), raw);
                case BODY -> new Document.OfBody(RecordReader.body(Documents.storable(raw)), raw);
                case CYCLE, RECOVERY, SLEEP, WORKOUT -> throw new IllegalArgumentException("is dated: " + type);
            };
        } catch (UnreadableField e) {
            throw new UnreadableDocument(String.valueOf(e.getMessage()));
        }
    }

    static StoreResult store(SqlExecutor tx, Owner owner, RecordType type, byte[] json, Instant now) {
        Document document;
        try {
            document = read(type, json);
        } catch (UnreadableDocument e) {
            throw new IllegalArgumentException("not checked before", e);
        }
        Params keys = keys(owner, document.raw(), now);
        return switch (document) {
            case Document.OfProfile(Profile profile, var _) ->
                upsert(
                        tx,
                        PROFILE,
                        keys.with("email", profile.email())
                                .with("first_name", profile.firstName())
                                .with("last_name", profile.lastName()));
            case Document.OfBody(Body body, var _) ->
                upsert(
                        tx,
                        BODY,
                        keys.with("height_meter", body.heightMeter())
                                .with("weight_kilogram", body.weightKilogram())
                                .with("max_heart_rate", body.maxHeartRate()));
        };
    }

    private static StoreResult upsert(SqlExecutor tx, Sql sql, Params params) {
        return tx.first(sql, params, row -> row.bool("inserted"))
                .map(inserted -> new StoreResult(inserted ? 1 : 0, inserted ? 0 : 1, 0, 0, null))
                .orElse(new StoreResult(0, 0, 1, 0, null));
    }

    private static Params keys(Owner owner, JsonNode raw, Instant now) {
        return Params.of(
                "member", owner.member().value(), "user", owner.whoopUserId(), "raw", raw.toString(), "now", now);
    }
}
