package io.vitals.whoop.sync;

import io.vitals.whoop.model.RecordType;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When to look again, after a window was walked in full or a step failed. */
final class PollPlan {
    /** From here on a running cycle may end at any time. */
    private static final Duration LIKELY_TO_END = Duration.ofHours(14);

    private final SyncSettings settings;
    private final RandomGenerator random;

    PollPlan(SyncSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * The pause until the next window.
     *
     * @param pending whether a recent record of the type waits for its score
     * @param runningSince when the running cycle began
     */
    Duration pause(RecordType type, boolean pending, Optional<Instant> runningSince, Instant now) {
        Duration pause = switch (type) {
            case CYCLE ->
                runningSince
                                .filter(since -> Duration.between(since, now).compareTo(LIKELY_TO_END) > 0)
                                .isPresent()
                        ? settings.cycleInterval().dividedBy(3)
                        : settings.cycleInterval();
            case SLEEP, RECOVERY, WORKOUT -> settings.reconcileInterval();
            case PROFILE, BODY -> settings.profileInterval();
        };
        if (pending && settings.pendingInterval().compareTo(pause) < 0) {
            pause = settings.pendingInterval();
        }
        // A tenth either way, or members linked together are polled together for ever.
        return Duration.ofMillis(Math.round(pause.toMillis() * (0.9 + 0.2 * random.nextDouble())));
    }

    /** Full jitter: anything from nothing to the doubled pause, so that failures do not come back together. */
    Duration pauseAfterFailure(int attempts) {
        long cap = Math.min(settings.retryCap().toMillis(), settings.retryBase().toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(random.nextLong(cap + 1));
    }
}
