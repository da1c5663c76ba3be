package io.vitals.sandbox.whoop;

import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.MemberEvent;
import io.vitals.sandbox.member.Population;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notices what has happened to linked members since it last looked and hands it to the webhooks. It remembers what it saw
 * in the last hours instead of trusting the clock alone, so nothing is lost when an edit falls on the instant of a look or
 * the clock is set back.
 */
final class EventPump {
    private static final Duration MEMORY = Duration.ofHours(2);

    private final Population people;
    private final Grants grants;
    private final Webhooks webhooks;
    private final Map<Long, Watch> watches = new HashMap<>();

    private record Watch(Instant last, Set<MemberEvent> seen) {}

    EventPump(Population people, Grants grants, Webhooks webhooks) {
        this.people = people;
        this.grants = grants;
        this.webhooks = webhooks;
    }

    /** Looks once; a member who was not linked at the last look starts with what happens from now on. */
    synchronized void look() {
        for (Member member : people.members()) {
            long userId = member.profile().userId();
            if (grants.linked(userId)) {
                look(member, userId);
            } else {
                watches.remove(userId);
            }
        }
    }

    private void look(Member member, long userId) {
        Instant now = people.clock().instant();
        Watch watch = watches.get(userId);
        Instant from = watch == null || now.isBefore(watch.last) ? now : watch.last;
        List<MemberEvent> recent = member.events(from.minus(MEMORY), now);
        if (watch != null) {
            List<MemberEvent> fresh =
                    recent.stream().filter(e -> !watch.seen.contains(e)).toList();
            webhooks.send(userId, fresh);
        }
        watches.put(userId, new Watch(now, new HashSet<>(recent)));
    }
}
