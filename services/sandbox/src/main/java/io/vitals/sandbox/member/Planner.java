package io.vitals.sandbox.member;

import io.vitals.sandbox.member.DayPlan.Session;
import io.vitals.sandbox.member.DayPlan.Span;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans each date on its own from the person's traits and the date. Every four weeks hold each of the awkward days once,
 * so any 30-day window of any person shows them all.
 */
record Planner(Persona persona, Noise noise, Almanac almanac) {
    static final int PERIOD = 28;

    /** The awkward days by their place in the four weeks. */
    private enum Special {
        NAP(3),
        SPLIT(5),
        DELETED_WORKOUT(8),
        UNKNOWN_SPORT(10),
        LATE_NAP(11),
        AWAKE_ALL_NIGHT(13),
        AWAY_FROM(16),
        AWAY_TO(19),
        ZERO_RECOVERY(21),
        STRAP_OFF(23),
        LONG_PENDING(25),
        UNSCORABLE(27);

        private final int phase;

        Special(int phase) {
            this.phase = phase;
        }
    }

    DayPlan plan(LocalDate date) {
        long key = date.toEpochDay();
        List<Span> nights = nights(date);
        Instant nextBed = bedtime(date.plusDays(1)).minus(Duration.ofMinutes(30));
        List<Session> sessions = new ArrayList<>();
        List<Span> naps = new ArrayList<>();
        if (on(date, Special.NAP) || on(date, Special.LATE_NAP)) {
            double start = on(date, Special.NAP) ? 13.4 : 15.2;
            add(
                    naps,
                    local(date, start + noise.between("nap-at", key, 0, 0.5)),
                    noise.between("nap", key, 24, 75),
                    nextBed);
        }
        if (!on(date, Special.STRAP_OFF)) {
            addSessions(date, sessions, naps, nextBed);
        }
        double weekday = date.getDayOfWeek().getValue() >= 6 ? 1.15 : 1.0;
        double energy = Math.clamp(1 + 0.22 * noise.bell("day", key), 0.45, 1.7) * weekday;
        double walked = sessions.stream()
                .filter(s -> s.sport().equals(Sport.RUNNING) || s.sport().equals(Sport.WALKING))
                .mapToDouble(s -> s.span().length().toMinutes() * 135.0)
                .sum();
        return new DayPlan(
                date,
                zone(date),
                nights,
                List.copyOf(naps),
                List.copyOf(sessions),
                0.025 * energy,
                (int) (6_800 * energy + walked),
                (int) Math.max(0, 9 * energy + 4 * noise.bell("floors", key)),
                on(date, Special.STRAP_OFF),
                on(date, Special.UNSCORABLE),
                on(date, Special.ZERO_RECOVERY),
                Duration.ofSeconds(
                        on(date, Special.LONG_PENDING) ? 2_700 : (long) noise.between("pending", key, 180, 540)));
    }

    ZoneId zone(LocalDate date) {
        int phase = phase(date);
        return phase >= Special.AWAY_FROM.phase && phase <= Special.AWAY_TO.phase
                ? persona.away()
                : persona.profile().home();
    }

    /** Minutes asleep that the night ending on the date would give; used for the debt of later nights. */
    double plannedAsleep(LocalDate date) {
        return on(date, Special.AWAKE_ALL_NIGHT) ? 0 : inBedMinutes(date) * 0.91;
    }

    private List<Span> nights(LocalDate date) {
        if (on(date, Special.AWAKE_ALL_NIGHT)) {
            return List.of();
        }
        Instant bed = bedtime(date);
        double minutes = inBedMinutes(date);
        if (on(date, Special.SPLIT)) {
            Span first = span(bed, minutes * 0.52);
            Span second = span(first.end().plus(Duration.ofMinutes(95)), minutes * 0.44);
            return List.of(first, second);
        }
        return List.of(span(bed, minutes));
    }

    private Instant bedtime(LocalDate date) {
        long key = date.toEpochDay();
        DayOfWeek wake = date.getDayOfWeek();
        double weekend = wake == DayOfWeek.SATURDAY || wake == DayOfWeek.SUNDAY ? 40 : 0;
        double minutes = persona.bedtime() + weekend + 18 * noise.bell("bed", key);
        return date.minusDays(1).atTime(20, 0).atZone(zone(date)).toInstant().plusMillis((long) (minutes * 60_000));
    }

    private double inBedMinutes(LocalDate date) {
        long key = date.toEpochDay();
        double weekend = date.getDayOfWeek().getValue() >= 6 ? 35 : 0;
        double minutes = persona.sleepNeed() - 5 + weekend + 33 * noise.bell("length", key);
        return Math.clamp(minutes, 285, 590);
    }

    private void addSessions(LocalDate date, List<Session> sessions, List<Span> naps, Instant nextBed) {
        long key = date.toEpochDay();
        boolean special = on(date, Special.UNKNOWN_SPORT) || on(date, Special.DELETED_WORKOUT);
        List<Span> taken = new ArrayList<>(naps);
        if (special || noise.uniform("train", key) < persona.diligence()) {
            Sport sport = on(date, Special.UNKNOWN_SPORT)
                    ? Sport.UNKNOWN
                    : persona.sports().get((int)
                            (noise.uniform("sport", key) * persona.sports().size()));
            add(
                    sessions,
                    taken,
                    sport,
                    local(date, noise.between("train-at", key, 16.6, 18.4)),
                    noise.between("train-for", key, 28, 85),
                    on(date, Special.DELETED_WORKOUT),
                    nextBed);
        }
        if (noise.uniform("second", key) < persona.diligence() * 0.25) {
            add(
                    sessions,
                    taken,
                    persona.sports().getLast(),
                    local(date, noise.between("second-at", key, 11.6, 12.6)),
                    noise.between("second-for", key, 20, 45),
                    false,
                    nextBed);
        }
    }

    private static void add(
            List<Session> sessions,
            List<Span> taken,
            Sport sport,
            Instant start,
            double minutes,
            boolean deleted,
            Instant latest) {
        Span span = span(start, minutes);
        if (span.end().isBefore(latest) && taken.stream().noneMatch(span::overlaps)) {
            taken.add(span);
            sessions.add(new Session(sport, span, deleted));
        }
    }

    private static void add(List<Span> naps, Instant start, double minutes, Instant latest) {
        Span span = span(start, minutes);
        if (span.end().isBefore(latest)) {
            naps.add(span);
        }
    }

    private Instant local(LocalDate date, double hours) {
        return date.atStartOfDay()
                .plusSeconds((long) (hours * 3_600))
                .atZone(zone(date))
                .toInstant();
    }

    private static Span span(Instant start, double minutes) {
        return new Span(start, start.plusMillis((long) (minutes * 60_000)));
    }

    private boolean on(LocalDate date, Special special) {
        return phase(date) == special.phase;
    }

    private int phase(LocalDate date) {
        return Math.floorMod(
                date.toEpochDay() + almanac.shift() + 9L * persona.profile().number(), PERIOD);
    }
}
