package io.vitals.sandbox.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What tests change about a run: how many people live in it, how the simulated WHOOP treats its app, and how the
 * services run.
 *
 * @param people simulated people; those beyond the usual four can sign in as {@code member-5} and so on
 * @param quotaPerMinute calls that WHOOP grants in a minute
 * @param quotaPerDay calls that WHOOP grants in a day
 * @param webhookTimeFactor multiplies the waits before WHOOP delivers again
 * @param webhookSenders deliveries that WHOOP has under way at once
 * @param whoopReplicas processes of whoop-service; two or more stand behind a {@link Balancer}
 * @param lastReplicaJar another whoop-service for the last replica, to run two releases beside each other
 * @param whoopSettings further settings of whoop-service as environment variables
 * @param healthSettings those of health-api
 */
public record Conditions(
        int people,
        int quotaPerMinute,
        int quotaPerDay,
        double webhookTimeFactor,
        int webhookSenders,
        int whoopReplicas,
        Optional<Path> lastReplicaJar,
        Map<String, String> whoopSettings,
        Map<String, String> healthSettings) {

    private static final int USUAL_PEOPLE = 4;

    /** What {@code make run} starts. */
    public static final Conditions USUAL =
            new Conditions(USUAL_PEOPLE, 100, 10_000, 1, 1, 1, Optional.empty(), Map.of(), Map.of());

    public Conditions {
        if (people < USUAL_PEOPLE || whoopReplicas < 1) {
            throw new IllegalArgumentException("a run has four people or more and one whoop-service or more");
        }
        whoopSettings = Map.copyOf(whoopSettings);
        healthSettings = Map.copyOf(healthSettings);
    }
}
