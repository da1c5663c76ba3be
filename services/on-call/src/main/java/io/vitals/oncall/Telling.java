package io.vitals.oncall;

import io.vitals.oncall.Incident.Alert;
import io.vitals.oncall.Incident.Entry;
import io.vitals.oncall.Incident.Event;
import io.vitals.oncall.Incident.State;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** What news makes of an incident. What was told before, or is older than what is known, makes nothing. */
final class Telling {
    private final Incident before;
    private final Instant now;
    private final OnCallSettings.Keeping limits;
    private final List<Alert> alerts;
    private final List<Entry> timeline;
    private State state;
    private @Nullable Instant reopenedAt;
    private @Nullable Instant acknowledgedAt;
    private @Nullable Role acknowledgedBy;
    private @Nullable Action action;
    private @Nullable Instant resolvedAt;
    private int unlistedAlerts;
    private int unlistedEntries;

    private Telling(Incident before, Instant now, OnCallSettings.Keeping limits) {
        this.before = before;
        this.now = now;
        this.limits = limits;
        this.alerts = new ArrayList<>(before.alerts());
        this.timeline = new ArrayList<>(before.timeline());
        this.state = before.state();
        this.reopenedAt = before.reopenedAt();
        this.acknowledgedAt = before.acknowledgedAt();
        this.acknowledgedBy = before.acknowledgedBy();
        this.action = before.action();
        this.resolvedAt = before.resolvedAt();
        this.unlistedAlerts = before.unlistedAlerts();
        this.unlistedEntries = before.unlistedEntries();
    }

    /** The incident after Alertmanager's word; equal to the one before if that was no news. */
    static Incident notified(Incident before, Notification told, Instant now, OnCallSettings.Keeping limits) {
        Telling telling = new Telling(before, now, limits);
        int unlisted = told.truncated();
        for (Notification.Alert alert : told.alerts()) {
            unlisted += telling.take(alert) ? 0 : 1;
        }
        telling.unlistedAlerts = Math.max(telling.unlistedAlerts, unlisted);
        // Of a group that was cut off, it is said of the rest alone.
        if (told.over() && told.truncated() == 0 && telling.state == State.OPEN) {
            telling.resolve();
        }
        return telling.after();
    }

    /**
     * The incident after somebody's word. On one that is over it is only said whether anything was done.
     *
     * @param action whether anything was done; null if nothing is said of it. The last word counts.
     */
    static Incident acknowledged(
            Incident before, Role by, @Nullable Action action, Instant now, OnCallSettings.Keeping limits) {
        Telling telling = new Telling(before, now, limits);
        if (before.open() && !before.acknowledgedBy(by)) {
            telling.note(Event.ACKNOWLEDGED, null, by);
            if (telling.acknowledgedAt == null) {
                telling.acknowledgedAt = now;
                telling.acknowledgedBy = by;
            }
        }
        if (action != null) {
            telling.action = action;
        }
        return telling.after();
    }

    /** Returns false if it could not be listed. */
    private boolean take(Notification.Alert alert) {
        int known = indexOf(alert.fingerprint());
        if (known < 0) {
            if (alerts.size() >= limits.maxAlerts()) {
                return false;
            }
            alerts.add(Alert.of(alert));
            if (alert.firing()) {
                fired(alert);
            } else {
                note(Event.ENDED, alert.alertname(), null);
            }
            return true;
        }
        Alert listed = alerts.get(known);
        if (alert.startedAt().isBefore(listed.startedAt())) {
            return true;
        }
        boolean again = alert.startedAt().isAfter(listed.startedAt());
        if (alert.firing() && (again || returned(listed))) {
            alerts.set(known, Alert.of(alert));
            fired(alert);
        } else if (!alert.firing() && (again || listed.firing())) {
            alerts.set(known, Alert.of(alert));
            note(Event.ENDED, alert.alertname(), null);
        }
        return true;
    }

    /**
     * Alertmanager ends an alert that Prometheus could not repeat in time, and then it comes back with the start that it had. Soon after
     * the end it is taken for the news of before, come late.
     */
    private boolean returned(Alert listed) {
        return listed.endedAt() != null && !now.isBefore(listed.endedAt().plus(limits.settle()));
    }

    private void fired(Notification.Alert alert) {
        if (state == State.RESOLVED) {
            state = State.OPEN;
            reopenedAt = now;
            acknowledgedAt = null;
            acknowledgedBy = null;
            action = null;
            resolvedAt = null;
            note(Event.REOPENED, null, null);
        }
        note(Event.FIRED, alert.alertname(), null);
    }

    /** All of it is over, also what was not listed. */
    private void resolve() {
        Instant last = alerts.stream()
                .map(Alert::endedAt)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(now);
        alerts.replaceAll(alert -> alert.firing() ? alert.endedAt(last) : alert);
        state = State.RESOLVED;
        resolvedAt = last;
        note(Event.RESOLVED, null, null);
    }

    private void note(Event event, @Nullable String alertname, @Nullable Role by) {
        // Who answered and how it ended are never left out.
        if (timeline.size() < limits.maxEntries() || alertname == null) {
            timeline.add(new Entry(now, event, alertname, by));
        } else {
            unlistedEntries++;
        }
    }

    private int indexOf(String fingerprint) {
        for (int i = 0; i < alerts.size(); i++) {
            if (alerts.get(i).fingerprint().equals(fingerprint)) {
                return i;
            }
        }
        return -1;
    }

    private Incident after() {
        Severity worst = alerts.stream()
                .map(Alert::severity)
                .min(Comparator.naturalOrder())
                .orElse(Severity.OTHER);
        return new Incident(
                before.id(),
                before.group(),
                before.page(),
                state,
                worst,
                before.startedAt(),
                before.notifiedAt(),
                reopenedAt,
                acknowledgedAt,
                acknowledgedBy,
                action,
                resolvedAt,
                alerts,
                timeline,
                unlistedAlerts,
                unlistedEntries);
    }
}
