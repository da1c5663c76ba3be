package io.vitals.health.testing;

import io.vitals.health.whoop.LinkCallback;
import io.vitals.health.whoop.LinkOutcome;
import io.vitals.health.whoop.LinkStart;
import io.vitals.health.whoop.WhoopAdmin;
import io.vitals.health.whoop.WhoopChanges;
import io.vitals.health.whoop.WhoopCoverage;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.health.whoop.WhoopService;
import io.vitals.health.whoop.WhoopSync;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.audit.ChainOverview;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** whoop-service with one link per test, remembering what it was asked. */
public final class StubWhoop implements WhoopService, WhoopAdmin {
    private final List<String> calls = new ArrayList<>();
    private final List<LinkCallback> callbacks = new ArrayList<>();
    private final List<WhoopAdmin.Link> links = new ArrayList<>();
    private final List<DeadLetter> dead = new ArrayList<>();
    private final List<Replay> replays = new ArrayList<>();
    private WhoopLink.State state = WhoopLink.State.NONE;
    private LinkOutcome outcome = LinkOutcome.CONNECTED;
    private @Nullable String binding;
    private boolean down;

    public synchronized void reset() {
        calls.clear();
        callbacks.clear();
        links.clear();
        dead.clear();
        replays.clear();
        state = WhoopLink.State.NONE;
        outcome = LinkOutcome.CONNECTED;
        binding = null;
        down = false;
    }

    public synchronized void down(boolean now) {
        down = now;
    }

    public synchronized void outcome(LinkOutcome next) {
        outcome = next;
    }

    public synchronized void state(WhoopLink.State next) {
        state = next;
    }

    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized List<LinkCallback> callbacks() {
        return List.copyOf(callbacks);
    }

    public synchronized @Nullable String binding() {
        return binding;
    }

    @Override
    public synchronized WhoopLink link(UUID member) {
        called("link", member);
        return view();
    }

    @Override
    public synchronized LinkStart startLink(UUID member, String sessionBinding) {
        called("start", member);
        binding = sessionBinding;
        return new LinkStart(URI.create("http://whoop.test/auth?state=s"), Instant.parse("2026-11-23T08:00:00Z"));
    }

    @Override
    public synchronized LinkOutcome finishLink(UUID member, LinkCallback callback) {
        called("finish", member);
        callbacks.add(callback);
        return outcome;
    }

    @Override
    public synchronized WhoopLink disconnect(UUID member) {
        called("disconnect", member);
        state = WhoopLink.State.REVOKED;
        return view();
    }

    @Override
    public synchronized WhoopSync sync(UUID member, Duration wait) {
        called("sync", member);
        return new WhoopSync(state == WhoopLink.State.NONE ? WhoopSync.State.UNLINKED : WhoopSync.State.CURRENT, null);
    }

    @Override
    public synchronized List<WhoopDay> days(UUID member, LocalDate from, LocalDate to) {
        called("days", member);
        return List.of();
    }

    @Override
    public synchronized List<WhoopCoverage> coverage(UUID member, LocalDate from, LocalDate to) {
        called("coverage", member);
        return List.of(new WhoopCoverage(to, "present", "present", "present", "empty"));
    }

    @Override
    public synchronized WhoopChanges changes(@Nullable String after, Duration wait, int limit) {
        return new WhoopChanges(List.of(), "0");
    }

    /** Links that the admin view lists. */
    public synchronized void link(WhoopAdmin.Link link) {
        links.add(link);
    }

    /** An event that was given up. */
    public synchronized void dead(String traceId, Instant receivedAt) {
        dead.add(new DeadLetter(traceId, "sleep.updated", "unreadable", 5, receivedAt));
    }

    public synchronized List<Replay> replays() {
        return List.copyOf(replays);
    }

    @Override
    public synchronized Map<String, Long> linkCounts() {
        reached();
        Map<String, Long> counts = new TreeMap<>();
        links.forEach(link -> counts.merge(link.state(), 1L, Long::sum));
        return counts;
    }

    @Override
    public synchronized Links links(String state, @Nullable UUID after, int limit) {
        reached();
        List<Link> page = links.stream()
                .filter(link -> link.state().equals(state)
                        && (after == null || link.member().toString().compareTo(after.toString()) > 0))
                .sorted(Comparator.comparing(link -> link.member().toString()))
                .limit(limit)
                .toList();
        return new Links(page, page.size() < limit ? null : page.getLast().member());
    }

    @Override
    public synchronized Census census(LocalDate from, LocalDate to) {
        reached();
        Map<String, Long> counts = Map.of("present", 1L, "pending", 0L, "empty", 0L, "missing", 0L, "failed", 0L);
        Map<String, Map<String, Long>> types =
                Map.of("sleep", counts, "cycle", counts, "recovery", counts, "workout", counts);
        return new Census(
                1,
                1,
                from.datesUntil(to.plusDays(1))
                        .map(date -> new Day(date, types))
                        .toList());
    }

    @Override
    public synchronized Quota quota() {
        reached();
        return new Quota(
                new Window(100, 12, 0),
                new Window(10_000, 900, 3),
                List.of(new Lane("webhook", 95, 9500, 400)),
                null,
                7,
                9.5,
                1000);
    }

    @Override
    public synchronized ChainOverview audit() {
        reached();
        return new ChainOverview("sound", 64, 3, 17, Instant.EPOCH, 17L, 0, true, Instant.EPOCH, 4L);
    }

    @Override
    public synchronized DeadLetters deadLetters(@Nullable Long after, int limit) {
        reached();
        int from = after == null ? 0 : after.intValue();
        List<DeadLetter> page = dead.stream().skip(from).limit(limit).toList();
        return new DeadLetters(page, page.size() < limit ? null : (long) from + limit);
    }

    @Override
    public synchronized long replay(Replay replay) {
        reached();
        replays.add(replay);
        return dead.size();
    }

    private void reached() {
        if (down) {
            throw new WhoopUnavailableException("down", null);
        }
    }

    private void called(String what, UUID member) {
        if (down) {
            throw new WhoopUnavailableException("down", null);
        }
        calls.add(what + " " + member);
    }

    private WhoopLink view() {
        return new WhoopLink(state, null, null, List.of(), null, null, null, null);
    }
}
