package io.vitals.health.testing;

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
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** whoop-service with one link per test, remembering what it was asked. */
public final class StubWhoop implements WhoopService {
    private final List<String> calls = new ArrayList<>();
    private final List<LinkCallback> callbacks = new ArrayList<>();
    private WhoopLink.State state = WhoopLink.State.NONE;
    private LinkOutcome outcome = LinkOutcome.CONNECTED;
    private @Nullable String binding;
    private boolean down;

    public synchronized void reset() {
        calls.clear();
        callbacks.clear();
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
