package io.vitals.oncall;

import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** All incidents that are kept. A change is on disk before anybody sees it or is told that it was made. */
final class Incidents {
    private static final EventLog LOG = EventLog.of(Incidents.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final IncidentFiles files;
    private final OnCallSettings.Keeping keeping;
    private final OnCallMeters meters;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** By id, and thus by the time they started. */
    private final TreeMap<String, Incident> byId = new TreeMap<>();

    /** Reads what is there. */
    Incidents(IncidentFiles files, OnCallSettings.Keeping keeping, OnCallMeters meters, Clock clock)
            throws IOException {
        this.files = files;
        this.keeping = keeping;
        this.meters = meters;
        this.clock = clock;
        IncidentFiles.Found found = files.read();
        found.incidents().forEach(incident -> byId.put(incident.id(), incident));
        meters.unreadable(found.unreadable().size());
        meters.show(byId.values(), clock.instant());
    }

    /** What became of a request. */
    record Change(String incident, boolean news) {}

    /**
     * Takes Alertmanager's word.
     *
     * @throws io.vitals.kit.http.FailureException 503 if it could not be kept; nothing has changed then
     */
    Change notified(Notification told) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Incident before = of(told, now);
            Incident after = Telling.notified(before, told, now, keeping);
            boolean news = !after.equals(before);
            if (news) {
                keep(before, after);
            }
            return new Change(after.id(), news);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes somebody's word.
     *
     * @param name of the incident, or by what it is called in a page while it is open
     * @param action whether anything was done, which may also be said of an incident that is over; null if nothing is
     *     said of it
     * @param sentAt an older word than the incident is not about it
     */
    Change acknowledged(String name, Role by, @Nullable Action action, Instant sentAt) {
        lock.lock();
        try {
            Incident before = find(name).orElseThrow(() -> new CommonFailure.NotFound().toException());
            if (!before.open() && action == null) {
                throw new CommonFailure.Conflict("The incident is over.").toException();
            } else if (before.reopenedAt() != null && sentAt.isBefore(before.reopenedAt())) {
                throw new CommonFailure.Conflict("The incident has come back since.").toException();
            }
            Incident after = Telling.acknowledged(before, by, action, clock.instant(), keeping);
            boolean news = !after.equals(before);
            if (news) {
                keep(before, after);
            }
            return new Change(after.id(), news);
        } finally {
            lock.unlock();
        }
    }

    /** At most so many of those that are open, from the oldest on, behind the one named. */
    List<Incident> open(String after, int limit) {
        lock.lock();
        try {
            return byId.tailMap(after, false).values().stream()
                    .filter(Incident::open)
                    .limit(limit)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Any that is kept. */
    Optional<Incident> find(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(byId.get(name))
                    .or(() -> byId.values().stream()
                            .filter(incident ->
                                    incident.open() && incident.page().equals(name))
                            .max(Comparator.comparing(Incident::notifiedAt)));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what has been over for long enough, and looks again at what could not be read. */
    boolean upkeep() throws IOException {
        Instant oldest = clock.instant().minus(keeping.retention());
        lock.lock();
        try {
            List<Incident> old = byId.values().stream()
                    .filter(incident -> incident.resolvedAt() != null
                            && incident.resolvedAt().isBefore(oldest))
                    .toList();
            for (Incident incident : old) {
                files.delete(incident.id());
                byId.remove(incident.id());
            }
            if (!old.isEmpty()) {
                LOG.info("incidents_forgotten", LogField.COUNT.of(old.size()));
            }
            meters.unreadable(files.read().unreadable().size());
            // What ended too long ago to count goes without a change.
            meters.show(byId.values(), clock.instant());
        } finally {
            lock.unlock();
        }
        return false;
    }

    /** The open incident of the group; or the one that this is old news of; or a new one. */
    private Incident of(Notification told, Instant now) {
        String group = IncidentId.groupOf(told.groupKey());
        List<Incident> ofGroup = byId.values().stream()
                .filter(incident -> incident.group().equals(group))
                .toList();
        List<Notification.Alert> firing =
                told.alerts().stream().filter(Notification.Alert::firing).toList();
        List<Notification.Alert> telling = firing.isEmpty() ? told.alerts() : firing;
        Instant start = telling.stream()
                .map(Notification.Alert::startedAt)
                .min(Comparator.naturalOrder())
                .orElse(now);
        String id = IncidentId.of(told.groupKey(), start);
        return Stream.of(
                        ofGroup.stream().filter(Incident::open),
                        ofGroup.stream().filter(incident -> telling.stream().allMatch(incident::knows)),
                        Stream.ofNullable(byId.get(id)))
                .flatMap(choices -> choices)
                .findFirst()
                .orElseGet(() -> Incident.begin(id, told, start, now));
    }

    private void keep(Incident before, Incident after) {
        try {
            files.write(after);
        } catch (IOException e) {
            throw new CommonFailure.Unavailable("The incident could not be kept.", RETRY_AFTER).toException(e);
        }
        byId.put(after.id(), after);
        meters.changed(before, after);
        meters.show(byId.values(), clock.instant());
        LOG.info(
                "incident_changed",
                LogField.RECORD_ID.of(after.id()),
                LogField.STATE.of(after.state()),
                LogField.COUNT.of(after.alerts().size()));
    }
}
