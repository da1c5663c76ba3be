package io.vitals.health.whoop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.audit.ChainOverview;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What whoop-service tells those who run Vitals; nothing of it was measured. Throws {@link WhoopUnavailableException} as {@link
 * WhoopService} does.
 */
public interface WhoopAdmin {

    /** A member's link. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Link(
            UUID member,
            String state,
            @Nullable String reason,
            Instant since,
            @Nullable Instant lastWebhookAt,
            @Nullable Instant lastSyncAt) {}

    /** A page of links; {@code next} continues it and is null at the end. */
    record Links(List<Link> links, @Nullable UUID next) {}

    /** Members in each state of a day, by kind of record. */
    record Day(LocalDate date, Map<String, Map<String, Long>> types) {}

    /** The days of a range; {@code asked} of the {@code members} are counted. */
    record Census(long members, long asked, List<Day> days) {}

    /** What WHOOP allows, and what it may have counted; {@code elsewhere} of it we did not ask. */
    record Window(int limit, int used, int elsewhere) {}

    /** A lane of the budget: up to which use it may go on, and its own requests of the last day. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Lane(String lane, int minuteAllowance, int dayAllowance, int dayUsed) {}

    /** The budget of the app; {@code capacity}: members that it carries. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Quota(
            Window minute,
            Window day,
            List<Lane> lanes,
            @Nullable Instant blockedUntil,
            long members,
            double requestsPerMember,
            long capacity) {}

    /** An event that was given up; {@code outcome} is a code of why. */
    @JsonNaming(SnakeCaseStrategy.class)
    record DeadLetter(String traceId, String type, @Nullable String outcome, int attempts, Instant receivedAt) {}

    /** A page, oldest first; {@code next} continues it and is null at the end. */
    record DeadLetters(List<DeadLetter> events, @Nullable Long next) {}

    /**
     * Which events given up are put back: one, or those received in a range.
     *
     * @param operator the admin who asks
     */
    record Replay(
            @Nullable String traceId,
            @Nullable Instant from,
            @Nullable Instant to,
            boolean dryRun,
            UUID operator) {}

    /** How many links are in each state that a stored link can have. */
    Map<String, Long> linkCounts();

    Links links(String state, @Nullable UUID after, int limit);

    /** The days from {@code from} to {@code to}, both inclusive, at most 90. */
    Census census(LocalDate from, LocalDate to);

    Quota quota();

    /** How the audit log of whoop-service stands. */
    ChainOverview audit();

    /** Events given up, after this one; null from the first on. */
    DeadLetters deadLetters(@Nullable Long after, int limit);

    /** Puts events given up back into the queue, or counts them in a dry run; returns how many. */
    long replay(Replay replay);
}
