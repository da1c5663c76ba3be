package io.vitals.sandbox.member;

import io.vitals.sandbox.member.DayPlan.Span;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What is measured in a sleep. The chain: a hard day and missed sleep raise the need; need and time asleep give the sleep
 * performance; performance, the strain of the day before and the form of the last week move HRV and resting heart rate
 * apart; those two give recovery.
 */
record NightLab(Persona persona, Noise noise, Planner planner) {

    /** Everything that a sleep tells, whether or not the strap's maker can score it. */
    record Measures(SleepSpan span, Sleep.Score score, Morning morning) {}

    /** The body in the morning. */
    record Morning(
            double recovery,
            double restingHeartRate,
            double hrvRmssd,
            double hrvSdnn,
            double respiratoryRate,
            double oxygenSaturation,
            double skinTemperature) {}

    /**
     * @param key names the sleep's own noise
     * @param strainBefore strain of the cycle that the sleep ends
     * @param napBefore time asleep in naps since the last main sleep
     */
    Measures measure(
            Span span,
            ZoneOffset offset,
            LocalDate date,
            boolean nap,
            long key,
            double strainBefore,
            Duration napBefore) {
        SleepSpan stages = stages(span, offset, nap, key);
        double baseline = persona.sleepNeed() * 60_000.0;
        double strain = Math.max(0, strainBefore - 6) * 3.6 * 60_000;
        double debt = debtMinutes(date) * 60_000;
        double naps = -0.6 * napBefore.toMillis();
        double need = nap ? baseline * 0.12 : baseline + strain + debt + naps;
        double performance = Math.clamp(100.0 * stages.asleep().toMillis() / need, 0, 100);
        Morning morning = morning(date, key, strainBefore, performance / 100);
        Sleep.Score score = new Sleep.Score(
                Math.max(nap ? 0 : 1, (int) (stages.asleep().toMinutes() / 93)),
                millis(nap ? baseline * 0.12 : baseline),
                millis(nap ? 0 : debt),
                millis(nap ? 0 : strain),
                millis(nap ? 0 : naps),
                morning.respiratoryRate(),
                Math.rint(performance),
                Math.rint(100 * regularity(date)),
                Round.to(5, 100 * stages.efficiency()));
        return new Measures(stages, score, morning);
    }

    /** Sleep missed over the last four nights, the last one counting most; at most 75 minutes. */
    double debtMinutes(LocalDate date) {
        double debt = 0;
        double weight = 0.34;
        for (int back = 1; back <= 4; back++) {
            debt += weight * (persona.sleepNeed() - planner.plannedAsleep(date.minusDays(back)));
            weight *= 0.6;
        }
        return Math.clamp(debt, 0, 75);
    }

    /** How close the last bedtimes were to each other, 0–1. */
    double regularity(LocalDate date) {
        long day = date.toEpochDay();
        double drift = 0;
        for (int back = 0; back < 4; back++) {
            drift += Math.abs(noise.bell("bed", day - back) - noise.bell("bed", day - back - 1));
        }
        return Math.clamp(0.96 - 0.05 * drift, 0.3, 1);
    }

    private SleepSpan stages(Span span, ZoneOffset offset, boolean nap, long key) {
        long inBed = span.length().toMillis();
        double awakeShare = Math.clamp(0.085 + 0.022 * noise.bell("awake", key), 0.03, 0.25);
        long awake = (long) (inBed * awakeShare);
        long noData = noise.uniform("gap", key) < 0.08 ? Math.min(inBed / 50, 240_000) : 0;
        long asleep = inBed - awake - noData;
        long deep = (long) (asleep * (nap ? 0.08 : Math.clamp(0.205 + 0.025 * noise.bell("deep", key), 0.1, 0.3)));
        long rem = (long) (asleep * (nap ? 0.05 : Math.clamp(0.235 + 0.028 * noise.bell("rem", key), 0.1, 0.34)));
        return new SleepSpan(
                span.start(),
                span.end(),
                offset,
                nap,
                Duration.ofMillis(awake),
                Duration.ofMillis(noData),
                Duration.ofMillis(asleep - deep - rem),
                Duration.ofMillis(deep),
                Duration.ofMillis(rem),
                (int) Math.max(0, inBed / 3_600_000.0 * (1.3 + 0.5 * noise.bell("stirs", key))),
                inBed == 0 ? 0 : (double) asleep / inBed);
    }

    /** A sleep made by hand varies more, so that a demonstration shows a difference. */
    private Morning morning(LocalDate date, long key, double strainBefore, double performance) {
        double well = 0.85 * form(date)
                - 0.10 * (strainBefore - 11.5)
                + 2.6 * (performance - 0.88)
                + (key >= Draft.EDITED ? 1.1 : 0.25) * noise.bell("morning", key);
        double hrv = persona.hrv() * StrictMath.exp(0.13 * well);
        double resting = persona.restingHeartRate() - 1.5 * well + 0.5 * noise.bell("resting", key);
        double recovery = 100 / (1 + StrictMath.exp(-(0.8 * well + 0.55)));
        double fever = Math.max(0, -form(date) - 1.2);
        return new Morning(
                Math.rint(Math.clamp(recovery, 1, 99)),
                Math.rint(Math.clamp(resting, 38, 90)),
                Round.to(6, Math.clamp(hrv, 12, 190)),
                Round.to(4, Math.clamp(hrv * (1.22 + 0.05 * noise.bell("sdnn", key)), 15, 220)),
                Round.to(
                        6,
                        14.6 + persona.profile().number() % 4 * 0.6 + 0.25 * noise.bell("breath", key) + 0.6 * fever),
                Round.to(4, Math.clamp(96.4 + 0.8 * noise.bell("spo2", key) - fever, 88, 100)),
                Round.to(6, 33.6 + 0.45 * noise.bell("skin", key) + 0.7 * fever));
    }

    /** Slow ups and downs: the last week's noise, the newest day counting most; about −2 to 2. */
    double form(LocalDate date) {
        double sum = 0;
        double weight = 0.72;
        for (int back = 0; back < 8; back++) {
            sum += weight * noise.bell("form", date.toEpochDay() - back);
            weight *= 0.72;
        }
        return sum;
    }

    private static Duration millis(double millis) {
        return Duration.ofMillis((long) millis);
    }
}
