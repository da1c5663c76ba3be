package io.vitals.health.privacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.crypto.SignatureKey;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What is certified about an erasure.
 *
 * @param member the id that the member had
 * @param state whether it still runs or is over
 * @param removed rows by service and table
 * @param key which key signed it; null while it runs
 * @param signature Ed25519, Base64, over the lines of {@link #lines}
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Certificate(
        UUID erasure,
        UUID member,
        String state,
        Instant requestedAt,
        @Nullable Instant completedAt,
        Map<String, Long> removed,
        @Nullable String key,
        @Nullable String signature) {

    Certificate signed(SignatureKey with) {
        return new Certificate(
                erasure,
                member,
                state,
                requestedAt,
                completedAt,
                removed,
                with.id(),
                Base64.getEncoder().encodeToString(with.sign(lines().getBytes(StandardCharsets.UTF_8))));
    }

    /** What is signed: the parts in their order, a line each, the counts sorted by name. */
    String lines() {
        StringBuilder text = new StringBuilder("vitals erasure certificate 1\n")
                .append(erasure)
                .append('\n')
                .append(member)
                .append('\n')
                .append(state)
                .append('\n')
                .append(requestedAt)
                .append('\n')
                .append(completedAt);
        new TreeMap<>(removed)
                .forEach((table, rows) ->
                        text.append('\n').append(table).append(' ').append(rows));
        return text.toString();
    }
}
