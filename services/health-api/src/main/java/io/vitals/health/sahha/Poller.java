package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.sahha.ProfileStore.Profile;
import io.vitals.health.sahha.ProfileStore.State;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Asks Sahha about one due member after the other. Each poll overlaps the last one, because a day is scored anew while
 * it lasts and after; a failed one changes no stored row.
 */
final class Poller {
    private static final EventLog LOG = EventLog.of(Poller.class);
    private static final Duration LEASE = Duration.ofMinutes(2);
    /** A day more than is shown: the member's oldest day begins at their midnight, not at UTC's. */
    private static final Duration FIRST_SPAN = Duration.ofDays(31);

    private static final Duration OVERLAP = Duration.ofDays(3);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);

    /** Late polls before a member's Sahha data counts as stale. */
    private static final int STALE_AFTER_POLLS = 3;

    private final Database db;
    private final SahhaClient client;
    private final SahhaListener listener;
    private final RecordMeter meter;
    private final Clock clock;
    private final RandomGenerator random;
    private final Duration interval;

    Poller(
            Database db,
            SahhaClient client,
            SahhaListener listener,
            RecordMeter meter,
            Clock clock,
            RandomGenerator random,
            Duration interval) {
        this.db = db;
        this.client = client;
        this.listener = listener;
        this.meter = meter;
        this.clock = clock;
        this.random = random;
        this.interval = interval;
    }

    /** Serves the next due member; false when none is due. */
    boolean step() {
        Instant now = clock.instant();
        Optional<Profile> due = db.transaction(tx -> ProfileStore.claim(tx, now, now.plus(LEASE)));
        due.ifPresent(this::serve);
        return due.isPresent();
    }

    /** Serves this member now; only the calls to Sahha are held to the budget. */
    SahhaRefresh refresh(UUID member, Duration budget) {
        Optional<Profile> known = ProfileStore.find(db, member);
        if (known.isEmpty()) {
            return SahhaRefresh.NOT_CONNECTED;
        }
        AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
        try {
            Deadline.within(budget, () -> answer.set(ask(known.get())));
        } catch (SahhaUnavailableException e) {
            failed(known.get(), e);
            return e.late() ? SahhaRefresh.SLOW : SahhaRefresh.DOWN;
        }
        Answer got = answer.get();
        return got != null && take(got) ? SahhaRefresh.REFRESHED : SahhaRefresh.DOWN;
    }

    private void serve(Profile profile) {
        try {
            take(ask(profile));
        } catch (SahhaUnavailableException e) {
            failed(profile, e);
        }
    }

    /** What Sahha said of a member up to a moment; null lists when it does not know them. */
    private record Answer(
            UUID member,
            Instant until,
            @Nullable List<JsonNode> scores,
            @Nullable List<JsonNode> biomarkers) {}

    private Answer ask(Profile profile) {
        UUID member = profile.member();
        if (profile.registeredAt() == null) {
            client.register(member);
        }
        Instant until = clock.instant();
        Instant from = from(profile, until);
        return new Answer(member, until, client.scores(member, from, until), client.biomarkers(member, from, until));
    }

    /** Stores the answer; false when Sahha does not know the member any longer. */
    private boolean take(Answer answer) {
        List<JsonNode> scores = answer.scores();
        List<JsonNode> biomarkers = answer.biomarkers();
        if (scores == null || biomarkers == null) {
            forgotten(answer.member());
            listener.committed();
            return false;
        }
        succeeded(answer.member(), read(scores, biomarkers, answer.until()), answer.until());
        listener.committed();
        return true;
    }

    private static Instant from(Profile profile, Instant until) {
        Instant polled = profile.polledUntil();
        return polled == null ? until.minus(FIRST_SPAN) : polled.minus(OVERLAP);
    }

    private List<SahhaRecord> read(List<JsonNode> scores, List<JsonNode> biomarkers, Instant now) {
        List<SahhaRecord> records = new ArrayList<>();
        scores.forEach(score -> meter.count(Normaliser.score(score, now)).ifPresent(records::add));
        biomarkers.forEach(
                biomarker -> meter.count(Normaliser.biomarker(biomarker, now)).ifPresent(records::add));
        return records;
    }

    private void succeeded(UUID member, List<SahhaRecord> records, Instant until) {
        change(member, (tx, profile) -> {
            Set<LocalDate> changed = SahhaRows.put(tx, member, records, until);
            listener.daysChanged(tx, member, changed);
            Instant registered = profile.registeredAt();
            return new Profile(
                    member,
                    State.ACTIVE,
                    registered == null ? until : registered,
                    0,
                    until,
                    until,
                    profile.consentedAt(),
                    changed.isEmpty() ? profile.lastDataAt() : until,
                    false);
        });
    }

    private void failed(Profile asked, SahhaUnavailableException why) {
        UUID member = asked.member();
        LOG.warn("sahha_poll_failed", why, LogField.MEMBER.of(member), LogField.ATTEMPT.of(asked.failures() + 1L));
        change(member, (tx, profile) -> {
            Instant since = profile.lastSuccessAt() == null ? profile.consentedAt() : profile.lastSuccessAt();
            boolean stale = since.plus(interval.multipliedBy(STALE_AFTER_POLLS)).isBefore(clock.instant());
            State state = profile.registeredAt() == null ? State.REGISTERING : State.FAILING;
            return with(profile, state, profile.registeredAt(), profile.failures() + 1, stale);
        });
        listener.committed();
    }

    /** Sahha knows the member no longer: register again at the next turn, which asks for everything. */
    private void forgotten(UUID member) {
        LOG.warn("sahha_profile_unknown", LogField.MEMBER.of(member));
        change(
                member,
                (tx, profile) -> with(profile, State.REGISTERING, null, profile.failures() + 1, profile.stale()));
    }

    private static Profile with(
            Profile profile, State state, @Nullable Instant registeredAt, int failures, boolean stale) {
        return new Profile(
                profile.member(),
                state,
                registeredAt,
                failures,
                registeredAt == null ? null : profile.polledUntil(),
                profile.lastSuccessAt(),
                profile.consentedAt(),
                profile.lastDataAt(),
                stale);
    }

    private interface Change {
        Profile apply(SqlExecutor tx, Profile profile);
    }

    /** Changes the profile in one transaction; a member who withdrew meanwhile is left alone. */
    private void change(UUID member, Change change) {
        db.transaction(tx -> {
            Optional<Profile> locked = ProfileStore.lock(tx, member);
            locked.ifPresent(profile -> {
                Profile changed = change.apply(tx, profile);
                ProfileStore.save(tx, changed, clock.instant().plus(pause(changed.failures())));
                listener.stateChanged(tx, member, changed.announced());
            });
            return locked.isPresent();
        });
    }

    /** The interval, or after failures a growing part of it; spread, so that members do not come due together. */
    private Duration pause(int failures) {
        Duration longest = interval;
        if (failures > 0) {
            Duration retry = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 16));
            longest = retry.compareTo(interval) < 0 ? retry : interval;
        }
        double share = 0.8 + 0.2 * random.nextDouble();
        return Duration.ofMillis(Math.round(longest.toMillis() * share));
    }
}
