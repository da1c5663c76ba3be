package io.vitals.oncall;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One incident, as it is kept and as it is shown.
 *
 * @param group stands for Alertmanager's group
 * @param page by what the same incident is called in a page
 * @param startedAt when its first alert began to fire
 * @param notifiedAt when it was first told of
 * @param reopenedAt when it was told of again after it was over; null if never
 * @param acknowledgedAt null as long as nobody answered
 * @param action whether anything was done; null as long as nobody said
 * @param resolvedAt null as long as it lasts
 * @param unlistedAlerts alerts above what is listed
 * @param unlistedEntries entries above what the timeline holds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Incident(
        String id,
        String group,
        String page,
        State state,
        Severity severity,
        Instant startedAt,
        Instant notifiedAt,
        @Nullable Instant reopenedAt,
        @Nullable Instant acknowledgedAt,
        @Nullable Role acknowledgedBy,
        @Nullable Action action,
        @Nullable Instant resolvedAt,
        List<Alert> alerts,
        List<Entry> timeline,
        int unlistedAlerts,
        int unlistedEntries) {
    enum State {
        @JsonProperty("open")
        OPEN,
        @JsonProperty("resolved")
        RESOLVED
    }

    /** What happened. */
    enum Event {
        @JsonProperty("fired")
        FIRED,
        @JsonProperty("ended")
        ENDED,
        @JsonProperty("acknowledged")
        ACKNOWLEDGED,
        @JsonProperty("resolved")
        RESOLVED,
        @JsonProperty("reopened")
        REOPENED
    }

    /**
     * An alert of it.
     *
     * @param startedAt when it began to fire, the last time
     * @param endedAt null while it fires
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Alert(
            String fingerprint,
            String alertname,
            String serviceId,
            String slo,
            Severity severity,
            String cluster,
            String namespace,
            String summary,
            Instant startedAt,
            @Nullable Instant endedAt) {
        static Alert of(Notification.Alert alert) {
            return new Alert(
                    alert.fingerprint(),
                    alert.alertname(),
                    alert.serviceId(),
                    alert.slo(),
                    Severity.of(alert.severity()),
                    alert.cluster(),
                    alert.namespace(),
                    alert.summary(),
                    alert.startedAt(),
                    alert.endedAt());
        }

        Alert endedAt(Instant end) {
            return new Alert(
                    fingerprint, alertname, serviceId, slo, severity, cluster, namespace, summary, startedAt, end);
        }

        boolean firing() {
            return endedAt == null;
        }
    }

    /**
     * A line of its timeline.
     *
     * @param at when it was told of
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            Instant at,
            Event event,
            @Nullable String alertname,
            @Nullable Role by) {}

    Incident {
        alerts = List.copyOf(alerts);
        timeline = List.copyOf(timeline);
    }

    /** As it is before anything was told of it. */
    static Incident begin(String id, Notification told, Instant start, Instant now) {
        return new Incident(
                id,
                IncidentId.groupOf(told.groupKey()),
                told.page(),
                State.OPEN,
                Severity.OTHER,
                start,
                now,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                0,
                0);
    }

    boolean open() {
        return state == State.OPEN;
    }

    boolean acknowledgedBy(Role role) {
        return timeline.stream()
                .filter(entry -> reopenedAt == null || !entry.at().isBefore(reopenedAt))
                .anyMatch(entry -> entry.by() == role);
    }

    /** Whether it holds this firing, or a later one of the same alert. */
    boolean knows(Notification.Alert alert) {
        return alerts.stream()
                .anyMatch(known -> known.fingerprint().equals(alert.fingerprint())
                        && !known.startedAt().isBefore(alert.startedAt()));
    }
}
