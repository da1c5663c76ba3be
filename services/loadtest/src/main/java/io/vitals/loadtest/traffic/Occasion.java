package io.vitals.loadtest.traffic;

import io.vitals.sandbox.member.Member;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A record at WHOOP that a webhook can speak of. */
public record Occasion(long userId, UUID object, String type) {
    private static final Duration LATELY = Duration.ofDays(28);

    /** What WHOOP can tell of a member's last weeks. */
    public static List<Occasion> of(Member member) {
        long user = member.profile().userId();
        Instant since = member.today().atStartOfDay(ZoneOffset.UTC).toInstant().minus(LATELY);
        List<Occasion> occasions = new ArrayList<>();
        member.sleeps().stream()
                .filter(sleep -> sleep.span().start().isAfter(since))
                .forEach(sleep -> occasions.add(new Occasion(user, sleep.id(), "sleep.updated")));
        member.recoveries().stream()
                .filter(recovery -> recovery.createdAt().isAfter(since))
                .forEach(recovery -> occasions.add(new Occasion(user, recovery.sleepId(), "recovery.updated")));
        member.workouts().stream()
                .filter(workout -> workout.start().isAfter(since))
                .forEach(workout -> occasions.add(new Occasion(user, workout.id(), "workout.updated")));
        return occasions;
    }
}
