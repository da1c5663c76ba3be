package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.health.admin.MemberCensus;
import io.vitals.health.sahha.SahhaDeadLetters;
import io.vitals.health.whoop.WhoopAdmin;
import io.vitals.health.whoop.WhoopCoverage;
import io.vitals.kit.audit.ChainOverview;
import io.vitals.kit.http.CommonFailure;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** The documents of the admin view. */
final class AdminViews {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private AdminViews() {}

    /** Whose events. */
    enum Source {
        WHOOP,
        SAHHA;

        static Source of(String name) {
            return switch (name) {
                case "whoop" -> WHOOP;
                case "sahha" -> SAHHA;
                default -> throw new CommonFailure.InvalidInput("source", "must be whoop or sahha").toException();
            };
        }

        String wire() {
            return this == WHOOP ? "whoop" : "sahha";
        }
    }

    record Links(long members, Map<String, Long> whoop, Map<String, Long> sahha) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Member(
            UUID member,
            String whoop,
            @Nullable String reason,
            Instant since,
            @Nullable Instant lastWebhookAt,
            @Nullable Instant lastSyncAt,
            String sahha) {
        static Member of(WhoopAdmin.Link link, String sahha) {
            return new Member(
                    link.member(),
                    link.state(),
                    link.reason(),
                    link.since(),
                    link.lastWebhookAt(),
                    link.lastSyncAt(),
                    sahha);
        }

        static Member of(MemberCensus.Unlinked member) {
            return new Member(member.member(), "none", null, member.since(), null, null, member.sahha());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Members(List<Member> members, @Nullable UUID nextCursor) {}

    record MemberDays(UUID member, List<WhoopCoverage> days) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Letter(String id, String kind, String reason, int attempts, Instant receivedAt) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Letters(
            String source, List<Letter> letters, @Nullable String nextCursor) {
        static Letters of(WhoopAdmin.DeadLetters page) {
            return new Letters(
                    Source.WHOOP.wire(),
                    page.events().stream()
                            .map(event -> new Letter(
                                    event.traceId(),
                                    event.type(),
                                    Objects.requireNonNullElse(event.outcome(), "unknown"),
                                    event.attempts(),
                                    event.receivedAt()))
                            .toList(),
                    Objects.toString(page.next(), null));
        }

        static Letters of(List<SahhaDeadLetters.Letter> page, int limit) {
            return new Letters(
                    Source.SAHHA.wire(),
                    page.stream()
                            .map(letter -> new Letter(
                                    Long.toString(letter.id()),
                                    letter.kind(),
                                    letter.reason(),
                                    letter.attempts(),
                                    letter.receivedAt()))
                            .toList(),
                    page.size() < limit ? null : Long.toString(page.getLast().id()));
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Replayed(long events, boolean dryRun) {}

    /** {@code log} is null while the service is away. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ServiceAudit(String service, @Nullable ChainOverview log) {}

    record Audit(List<ServiceAudit> services) {}

    /** A number of ours that came back, or 400 for the field. */
    static long number(String field, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new CommonFailure.InvalidInput(field, "is none of ours").toException();
        }
        return Long.parseLong(text);
    }
}
