package io.vitals.whoop.link;

import io.vitals.kit.db.Row;
import io.vitals.whoop.model.MemberId;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A link as stored.
 *
 * @param accessLeft how long the access token still lives, by the database's clock; negative when it is over
 * @param busyFor how long to stay away: a refresh is under way, or the last one failed; zero when nothing is in the way
 * @param intents how often the refresh token was about to be sent without the outcome being known since; in a leased row the refresh that is
 *     about to begin counts
 */
record LinkRow(
        MemberId member,
        long whoopUserId,
        LinkState state,
        @Nullable String reason,
        Instant since,
        List<String> scopes,
        byte @Nullable [] access,
        byte @Nullable [] refresh,
        Duration accessLeft,
        Duration busyFor,
        long generation,
        int intents,
        @Nullable Instant lastWebhookAt,
        @Nullable Instant lastSyncAt) {

    static final String COLUMNS = """
            member_id, whoop_user_id, state, reason, since, scopes, access_token, refresh_token, generation, refresh_intents, last_webhook_at, last_sync_at,
            CAST(coalesce(1000 * extract(epoch FROM access_expires_at - clock_timestamp()), -1) AS bigint) AS access_left,
            CAST(ceil(1000 * greatest(0, extract(epoch FROM lease_until - clock_timestamp()),
                CASE WHEN state = 'refresh_failing' THEN extract(epoch FROM refresh_due_at - clock_timestamp()) END)) AS bigint) AS busy_for""";

    static LinkRow of(Row row) {
        return new LinkRow(
                new MemberId(row.uuid("member_id")),
                row.longValue("whoop_user_id"),
                LinkState.of(row.string("state")),
                row.stringOrNull("reason"),
                row.instant("since"),
                Arrays.stream(row.string("scopes").split(" ", -1))
                        .filter(scope -> !scope.isEmpty())
                        .toList(),
                row.bytesOrNull("access_token"),
                row.bytesOrNull("refresh_token"),
                Duration.ofMillis(row.longValue("access_left")),
                Duration.ofMillis(row.longValue("busy_for")),
                row.longValue("generation"),
                row.intValue("refresh_intents"),
                row.instantOrNull("last_webhook_at"),
                row.instantOrNull("last_sync_at"));
    }

    /** Of a leased row: an earlier refresh may have spent this refresh token, and its answer never came to be stored. */
    boolean answerMayBeLost() {
        return intents > 1;
    }
}
