package io.vitals.journey.chaos;

import io.vitals.journey.process.MemberSession;
import io.vitals.journey.stack.SharedStack;
import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import static org.awaitility.Awaitility.await;

/**
 * Gives tests one {@link Stack} of their own kind: two replicas of whoop-service, a WHOOP with plenty of quota that
 * retries within seconds, and linked members.
 */
final class ChaosVitals extends SharedStack {
    /** Who is linked, by the number of their strap; other accounts are no plain members. */
    static final Map<Integer, String> LINKED =
            Map.of(1, "mira", 2, "jonas", 5, "member-5", 6, "member-6", 7, "member-7");

    /** Of the people, one is left for a test that connects and disconnects. */
    static final int FREE_PERSON = 8;

    /** An older release's whoop-service beside its libraries: the second replica then runs it, on the present schema. */
    static final Optional<Path> PREVIOUS_JAR =
            Optional.ofNullable(System.getProperty("vitals.previous.jar")).map(Path::of);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALLS_A_MINUTE = 600_000;
    private static final int CALLS_A_DAY = 6_000_000;

    private static final Conditions CONDITIONS = new Conditions(
            FREE_PERSON,
            CALLS_A_MINUTE,
            CALLS_A_DAY,
            // Two minutes in all: longer than a busy machine takes to bring everything back.
            0.03,
            4,
            2,
            PREVIOUS_JAR,
            Map.of(
                    // What a killed process held comes back within seconds, so that the end of a run is near its last
                    // kill.
                    "VITALS_WEBHOOK_CLAIM", "6s",
                    "VITALS_SYNC_CLAIM", "8s",
                    "VITALS_WEBHOOK_RETRY_CAP", "3s",
                    "VITALS_SYNC_RETRY_CAP", "3s",
                    "VITALS_DRAIN", "1s"),
            Map.of());

    ChaosVitals() {
        super("vitals-chaos", CONDITIONS, ChaosVitals::link);
    }

    private static void link(Stack stack) {
        // WHOOP's answers would say so, too, but only when the first limit is near.
        new Store(stack)
                .execute("whoop", "UPDATE quota SET minute_limit = " + CALLS_A_MINUTE + ", day_limit = " + CALLS_A_DAY);
        LINKED.forEach((person, account) -> {
            MemberSession member = MemberSession.signIn(stack, account);
            await(account + " is linked").atMost(PATIENCE).pollInSameThread().until(() -> {
                member.connect(person);
                return "active".equals(member.link().path("state").asText());
            });
        });
    }
}
