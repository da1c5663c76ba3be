package io.vitals.health.daily;

import io.vitals.health.whoop.LinkCallback;
import io.vitals.health.whoop.LinkOutcome;
import io.vitals.health.whoop.LinkStart;
import io.vitals.health.whoop.WhoopChanges;
import io.vitals.health.whoop.WhoopCoverage;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.health.whoop.WhoopService;
import io.vitals.health.whoop.WhoopSync;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.tracing.Handover;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** whoop-service as a list of changes and a map of days; nothing waits. */
final class FakeWhoop implements WhoopService {
    private final List<WhoopChanges.Change> log = new ArrayList<>();
    private final Map<UUID, TreeMap<LocalDate, WhoopDay>> days = new HashMap<>();
    private final Map<UUID, WhoopLink> links = new HashMap<>();
    private final List<String> traces = new ArrayList<>();
    private final AtomicInteger syncs = new AtomicInteger();
    private WhoopSync answer = new WhoopSync(WhoopSync.State.CURRENT, null);
    private volatile boolean blackHole;
    private volatile Duration given = Duration.ZERO;
    private boolean down;
    private int fetches;

    synchronized void put(UUID member, WhoopDay day) {
        put(member, day, null);
    }

    synchronized void put(UUID member, WhoopDay day, @Nullable String traceparent) {
        days.computeIfAbsent(member, key -> new TreeMap<>()).put(day.date(), day);
        log.add(new WhoopChanges.Change(member, day.date(), "cycle", traceparent));
    }

    /** Where the traces stood of those who asked for days. */
    synchronized List<String> traces() {
        return List.copyOf(traces);
    }

    synchronized void remove(UUID member, LocalDate date) {
        days.getOrDefault(member, new TreeMap<>()).remove(date);
        log.add(new WhoopChanges.Change(member, date, "sleep", null));
    }

    synchronized void link(UUID member, WhoopLink.State state) {
        links.put(member, new WhoopLink(state, null, null, List.of(), null, null, null, null));
        log.add(new WhoopChanges.Change(member, null, "link", null));
    }

    synchronized void down(boolean now) {
        down = now;
    }

    synchronized int fetches() {
        return fetches;
    }

    @Override
    public synchronized WhoopLink link(UUID member) {
        return links.getOrDefault(
                member, new WhoopLink(WhoopLink.State.ACTIVE, null, null, List.of(), null, null, null, null));
    }

    @Override
    public synchronized List<WhoopDay> days(UUID member, LocalDate from, LocalDate to) {
        requireUp();
        fetches++;
        traces.add(String.valueOf(Handover.current()));
        return List.copyOf(days.getOrDefault(member, new TreeMap<>())
                .subMap(from, true, to, true)
                .values());
    }

    @Override
    public synchronized WhoopChanges changes(@Nullable String after, Duration wait, int limit) {
        requireUp();
        int from = after == null ? 0 : Integer.parseInt(after);
        int to = Math.min(log.size(), from + limit);
        return new WhoopChanges(log.subList(from, to), Integer.toString(to));
    }

    private void requireUp() {
        if (down) {
            throw new WhoopUnavailableException("down", null);
        }
    }

    @Override
    public LinkStart startLink(UUID member, String sessionBinding) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LinkOutcome finishLink(UUID member, LinkCallback callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WhoopLink disconnect(UUID member) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WhoopSync sync(UUID member, Duration wait) {
        syncs.incrementAndGet();
        given = Deadline.left().orElseThrow();
        if (blackHole) {
            // As the client does: nothing comes until the time is over.
            LockSupport.parkNanos(Deadline.left().orElseThrow().toNanos());
            throw new WhoopUnavailableException("not reached: TIMEOUT", null, true);
        }
        synchronized (this) {
            requireUp();
            return answer;
        }
    }

    /** How long the last caller would wait. */
    Duration given() {
        return given;
    }

    int syncs() {
        return syncs.get();
    }

    /** Calls get no answer until their time is over. */
    void blackHole(boolean now) {
        blackHole = now;
    }

    synchronized void answer(WhoopSync next) {
        answer = next;
    }

    @Override
    public List<WhoopCoverage> coverage(UUID member, LocalDate from, LocalDate to) {
        throw new UnsupportedOperationException();
    }
}
