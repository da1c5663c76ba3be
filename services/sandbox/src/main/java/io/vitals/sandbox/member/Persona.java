package io.vitals.sandbox.member;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * The lasting traits of a person, from which single days vary.
 *
 * @param away where the person travels to every few weeks
 * @param bedtime usual minutes after 20:00, local time
 * @param sleepNeed minutes
 * @param hrv usual RMSSD in milliseconds
 * @param restingHeartRate beats per minute
 * @param diligence chance of a workout on a day
 */
record Persona(
        Profile profile,
        ZoneId away,
        int bedtime,
        int sleepNeed,
        double hrv,
        double restingHeartRate,
        double diligence,
        List<Sport> sports) {

    private static final List<Persona> CAST = List.of(
            persona(1, "Mira", "Lindqvist", "1991-04-12", "female", 1.71, 63.4, "Europe/Berlin", true)
                    .lives("America/New_York", 175, 472, 68, 54, 0.75, Sport.RUNNING, Sport.CYCLING, Sport.YOGA),
            persona(2, "Jonas", "Albrecht", "1984-09-30", "male", 1.84, 82.1, "America/New_York", false)
                    .lives("Europe/London", 195, 455, 47, 58, 0.60, Sport.LIFTING, Sport.RUNNING, Sport.WALKING),
            persona(3, "Aiko", "Tanaka", "1996-01-17", "female", 1.63, 55.0, "Asia/Tokyo", true)
                    .lives("Asia/Kolkata", 200, 440, 82, 50, 0.80, Sport.SWIMMING, Sport.YOGA, Sport.RUNNING),
            persona(4, "Tane", "Rangi", "1988-06-03", "male", 1.88, 94.5, "Pacific/Auckland", true)
                    .lives("Pacific/Kiritimati", 150, 490, 55, 55, 0.70, Sport.ROWING, Sport.LIFTING, Sport.SAUNA),
            persona(5, "Noor", "Haddad", "1979-11-21", "female", 1.67, 71.8, "America/St_Johns", false)
                    .lives("Europe/Lisbon", 165, 465, 38, 62, 0.45, Sport.WALKING, Sport.YOGA, Sport.CYCLING),
            persona(6, "Luis", "Ortega", "1993-08-08", "male", 1.76, 74.2, "America/Los_Angeles", true)
                    .lives("Pacific/Honolulu", 210, 450, 74, 49, 0.85, Sport.CYCLING, Sport.RUNNING, Sport.LIFTING));

    /** The people after the cast are their namesakes with other numbers and, by the seed, other days. */
    static Persona of(int number) {
        Persona model = CAST.get((number - 1) % CAST.size());
        if (number <= CAST.size()) {
            return model;
        }
        Profile p = model.profile;
        Profile renumbered = new Profile(
                number,
                userId(number),
                p.firstName(),
                p.lastName() + " " + number,
                email(p.firstName(), number),
                p.born(),
                p.sex(),
                p.heightMeter(),
                p.weightKilogram(),
                p.maxHeartRate(),
                p.home(),
                p.newStrap());
        return new Persona(
                renumbered,
                model.away,
                model.bedtime,
                model.sleepNeed,
                model.hrv,
                model.restingHeartRate,
                model.diligence,
                model.sports);
    }

    /** Kilocalories a minute at rest (Mifflin–St Jeor at the age the person has in the year of a plan is close enough). */
    double restingKcalPerMinute() {
        double base = 10 * profile.weightKilogram() + 625 * profile.heightMeter() - 175;
        return (profile.sex().equals("male") ? base + 5 : base - 161) * 1.15 / 1440;
    }

    private static long userId(int number) {
        return 10_128L + number;
    }

    private static String email(String firstName, int number) {
        return firstName.toLowerCase(java.util.Locale.ROOT) + (number > CAST_SIZE ? number : "") + "@example.com";
    }

    private static final int CAST_SIZE = 6;

    private static Draft persona(
            int number,
            String first,
            String last,
            String born,
            String sex,
            double height,
            double weight,
            String home,
            boolean newStrap) {
        LocalDate birthday = LocalDate.parse(born);
        int maxHeartRate = 208 - (2026 - birthday.getYear()) * 7 / 10;
        return new Draft(new Profile(
                number,
                userId(number),
                first,
                last,
                email(first, number),
                birthday,
                sex,
                height,
                weight,
                maxHeartRate,
                ZoneId.of(home),
                newStrap));
    }

    private record Draft(Profile profile) {
        Persona lives(
                String away, int bedtime, int need, double hrv, double resting, double diligence, Sport... sports) {
            return new Persona(profile, ZoneId.of(away), bedtime, need, hrv, resting, diligence, List.of(sports));
        }
    }
}
