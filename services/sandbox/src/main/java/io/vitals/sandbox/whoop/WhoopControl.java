package io.vitals.sandbox.whoop;

import io.vitals.sandbox.member.Cycle;
import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.member.Sleep;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a test or a demonstration can do to the simulated WHOOP. Members go by their number in the population, from 1.
 * Whatever happens to a member who has let the app in is sent to the webhook targets at once.
 */
public final class WhoopControl {
    private final Population people;
    private final Grants grants;
    private final Faults faults;
    private final Webhooks webhooks;
    private final EventPump pump;
    private final Quota quota;
    private final Counters counters;

    /**
     * What the simulator has seen.
     *
     * @param calls by method and path pattern, refused and spoilt ones included
     * @param busiestMinute the most API calls with a good token in any sixty seconds, refused ones included
     * @param busiestDay the same in any 24 hours
     * @param callsInDay how much of the daily quota is used
     */
    public record Figures(
            Map<String, Long> calls,
            int busiestMinute,
            int busiestDay,
            int callsInDay,
            long faults,
            long tokenRefreshes,
            long familyRevocations,
            int webhooksDelivered,
            int webhookAttemptsFailed,
            int webhooksGivenUp,
            int webhooksDropped,
            int webhooksWaiting) {

        /** All calls of all endpoints. */
        public long totalCalls() {
            return calls.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    WhoopControl(
            Population people,
            Grants grants,
            Faults faults,
            Webhooks webhooks,
            EventPump pump,
            Quota quota,
            Counters counters) {
        this.people = people;
        this.grants = grants;
        this.faults = faults;
        this.webhooks = webhooks;
        this.pump = pump;
        this.quota = quota;
        this.counters = counters;
    }

    public Population people() {
        return people;
    }

    /** The member wakes up now with everything scored; see {@link Member#newSleep(Duration)} for what that means when. */
    public Member.NewSleep newSleep(int member) {
        return newSleep(member, Duration.ZERO);
    }

    public Member.NewSleep newSleep(int member, Duration pending) {
        return during(() -> people.member(member).newSleep(pending));
    }

    public Sleep newSleep(int member, Instant start, Instant end, boolean nap, Duration pending) {
        return during(() -> people.member(member).newSleep(start, end, nap, pending));
    }

    /** The running cycle ends now and the next begins; WHOOP sends no webhook for that. */
    public Cycle finishCycle(int member) {
        return during(() -> people.member(member).finishCycle());
    }

    /** Deletes a workout or a sleep (and with it its recovery); false when there is none. */
    public boolean delete(int member, UUID record) {
        return during(() -> people.member(member).delete(record));
    }

    /** Scores what is pending; tells how many sleeps and workouts that were. */
    public int scorePending(int member) {
        return during(() -> people.member(member).scorePending());
    }

    /** Sends an event of any content to the targets, whoever is linked. */
    public void sendEvent(long userId, UUID record, String type, UUID trace) {
        webhooks.send(userId, record, type, trace, webhooks.settings());
    }

    public void failNext(Set<WhoopEndpoint> endpoints, int calls, WhoopFault fault) {
        faults.after(0, endpoints, calls, fault);
    }

    /** As {@link #failNext}, once so many more calls went well: a fault in the middle of something. */
    public void failAfter(int good, Set<WhoopEndpoint> endpoints, int calls, WhoopFault fault) {
        faults.after(good, endpoints, calls, fault);
    }

    public void failFor(Set<WhoopEndpoint> endpoints, Duration period, WhoopFault fault) {
        faults.during(endpoints, period, fault);
    }

    public void clearFaults() {
        faults.clear();
    }

    /** Ordered faults that are not used up, in words. */
    public List<String> orderedFaults() {
        return faults.describe();
    }

    public void webhookTargets(List<URI> targets) {
        webhooks.targets(targets);
    }

    public List<URI> webhookTargets() {
        return webhooks.targets();
    }

    public void webhooks(WebhookSettings settings) {
        webhooks.settings(settings);
    }

    public WebhookSettings webhooks() {
        return webhooks.settings();
    }

    /** From now on every delivery is told to the recorder, and to no other. */
    public void recordDeliveries(DeliveryRecorder recorder) {
        webhooks.recorder(recorder);
    }

    /** Moves the clock of people, tokens and quota away from the machine's; webhook timestamps stay with the machine. */
    public void clockOffset(Duration offset) {
        during(() -> {
            people.clock().offset(offset);
            return offset;
        });
    }

    public void tokenLifetime(Duration lifetime) {
        grants.lifetime(lifetime);
    }

    /** All access tokens expire now; refresh tokens stay good. */
    public void expireAccessTokens() {
        grants.expireAccess();
    }

    /** The member takes the app's access back on WHOOP's side; false when there was none. */
    public boolean revoke(int member) {
        return grants.revoke(people.member(member).profile().userId());
    }

    /** Whether the app holds a live grant of the member. */
    public boolean linked(int member) {
        return grants.linked(people.member(member).profile().userId());
    }

    /** Other limits from now on; the running windows go on. */
    public void quota(int perMinute, int perDay) {
        quota.limits(perMinute, perDay);
    }

    /** Begins new quota windows and sets all call counters to zero. */
    public void resetFigures() {
        quota.reset();
        counters.reset();
    }

    public Figures figures() {
        Webhooks.Figures sent = webhooks.figures();
        return new Figures(
                counters.calls(),
                quota.busiestMinute(),
                quota.busiestDay(),
                quota.usedToday(),
                counters.faults(),
                grants.refreshes(),
                grants.familyRevocations(),
                sent.delivered(),
                sent.failedAttempts(),
                sent.givenUp(),
                sent.dropped(),
                sent.waiting());
    }

    /** For the control page: one object with everything worth a glance. */
    Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put(
                "clock",
                people.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        status.put("clock_offset", people.clock().offset().toString());
        status.put(
                "linked_members",
                people.members().stream()
                        .map(m -> m.profile().number())
                        .filter(this::linked)
                        .toList());
        status.put("ordered_faults", orderedFaults());
        status.put(
                "webhook_targets", webhookTargets().stream().map(URI::toString).toList());
        status.put("webhook_settings", webhooks());
        status.put("figures", figures());
        return status;
    }

    /** Looks before, too, so that somebody linked a moment ago is already watched. */
    private <T> T during(Supplier<T> edit) {
        pump.look();
        T result = edit.get();
        pump.look();
        return result;
    }
}
