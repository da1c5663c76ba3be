package io.vitals.sandbox.member;

import io.vitals.sandbox.member.DayPlan.Session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Load, strain and energy. Load adds up over the day (an hour awake, a minute of sport); strain is its saturating image
 * on 0–21, as WHOOP describes strain: the higher it is, the harder to raise.
 */
record Body(Persona persona, Noise noise) {
    private static final double KILOJOULE = 4.184;

    static double strain(double load) {
        return Round.to(6, 21 * (1 - StrictMath.exp(-load)));
    }

    static double load(Session session, Duration part) {
        return session.sport().loadPerMinute() * part.toMillis() / 60_000.0;
    }

    double activeKcal(Session session) {
        double minutes = session.span().length().toMillis() / 60_000.0;
        return session.sport().kcalPerMinute() * minutes * persona.profile().weightKilogram() / 70;
    }

    /** Energy of a stretch of life: rest, moving about while awake, sport. */
    double totalKcal(Duration whole, Duration awake, double background, double sportKcal) {
        double rest = persona.restingKcalPerMinute() * whole.toMillis() / 60_000.0;
        double moving = awake.toMillis() / 60_000.0 * persona.restingKcalPerMinute() * 14 * background;
        return rest + moving + sportKcal;
    }

    Cycle.Score cycleScore(double load, double kcal, double background, int sportPeak) {
        double reserve = persona.profile().maxHeartRate() - persona.restingHeartRate();
        int average = (int) (persona.restingHeartRate() + reserve * (0.06 + 0.9 * background + 0.05 * load));
        int max = Math.max(sportPeak, (int) (persona.restingHeartRate() + reserve * (0.52 + 2 * background)));
        return new Cycle.Score(strain(load), Round.to(4, kcal * KILOJOULE), average, max);
    }

    Workout.Score workoutScore(Session session, long key) {
        Sport sport = session.sport();
        Duration length = session.span().length();
        double reserve = persona.profile().maxHeartRate() - persona.restingHeartRate();
        double effort = Math.clamp(sport.effort() + 0.04 * noise.bell("effort", key), 0.15, 0.9);
        boolean outside = sport.speed() > 0;
        double distance = sport.speed() * length.toSeconds() * (1 + 0.06 * noise.bell("pace", key));
        double climb = sport.speed() > 2 ? distance * 0.008 * noise.uniform("climb", key) : 0;
        return new Workout.Score(
                strain(load(session, length)),
                (int) (persona.restingHeartRate() + reserve * effort),
                (int) (persona.restingHeartRate() + reserve * Math.min(0.99, effort + 0.17)),
                Round.to(5, (activeKcal(session) + persona.restingKcalPerMinute() * length.toMinutes()) * KILOJOULE),
                outside ? Round.to(4, distance) : null,
                outside ? Round.to(4, climb) : null,
                outside ? Round.to(4, climb * 0.1 * noise.bell("net-climb", key)) : null,
                zones(length, effort));
    }

    /** A triangle of time around the mean effort; the zones add up to the workout's length. */
    private static List<Duration> zones(Duration length, double effort) {
        double[] weight = new double[6];
        double sum = 0;
        for (int zone = 0; zone < 6; zone++) {
            double middle = zone == 0 ? 0.25 : 0.45 + 0.1 * zone;
            weight[zone] = Math.max(0.02, 0.3 - Math.abs(effort + 0.08 - middle));
            sum += weight[zone];
        }
        List<Duration> zones = new ArrayList<>();
        long left = length.toMillis();
        for (int zone = 5; zone > 0; zone--) {
            long millis = (long) (length.toMillis() * weight[zone] / sum);
            left -= millis;
            zones.addFirst(Duration.ofMillis(millis));
        }
        zones.addFirst(Duration.ofMillis(left));
        return zones;
    }
}
