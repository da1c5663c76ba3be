package io.vitals.loadtest.capacity;

import java.util.List;

/**
 * A table that grows with members and days.
 *
 * @param rowsPerDay of one member
 * @param keptDays how long a row stays; infinite if nothing removes it
 * @param documentBytes what goes from a row after {@code documentDays}
 */
record Table(
        String database,
        String name,
        double rowsPerDay,
        double keptDays,
        double bytes,
        double documentBytes,
        double documentDays) {
    static final double GIB = 1024.0 * 1024 * 1024;

    /** All of them, those of whoop-service first. */
    static List<Table> all(Inputs in) {
        Demand demand = new Demand(in);
        double forEver = Double.POSITIVE_INFINITY;
        double changes =
                (demand.eventsPerMember() + demand.cycleLooks() * in.of("cycle-changes")) * in.of("changes-per-record");
        double audit = in.of("keep-audit");
        double days = in.of("keep-days");
        return List.of(
                record(in, "whoop", "cycle", in.of("cycles"), forEver),
                record(in, "whoop", "recovery", in.of("recoveries"), forEver),
                record(in, "whoop", "sleep", in.of("sleeps"), forEver),
                record(in, "whoop", "workout", in.of("workouts"), forEver),
                of(in, "whoop", "change", changes, forEver),
                of(in, "whoop", "coverage", 4, forEver),
                of(in, "whoop", "sync-run", demand.cycleLooks() + demand.otherLooks(), in.of("keep-runs")),
                of(in, "whoop", "webhook-inbox", demand.eventsPerMember(), in.of("keep-inbox")),
                of(in, "health", "daily-record", 1, days),
                of(in, "health", "whoop-day", 1, days),
                record(in, "health", "sahha-score", in.of("sahha-scores-per-day"), days),
                record(in, "health", "sahha-biomarker", in.of("sahha-biomarkers-per-day"), days),
                record(in, "health", "sahha-session", in.of("sahha-sessions-per-day"), days),
                of(in, "health", "audit-event", in.of("reads"), audit));
    }

    private static Table of(Inputs in, String database, String name, double rowsPerDay, double keptDays) {
        return new Table(database, name, rowsPerDay, keptDays, in.of("bytes-" + database + "-" + name), 0, 0);
    }

    /** One with the document that it was read from. */
    private static Table record(Inputs in, String database, String name, double rowsPerDay, double keptDays) {
        return new Table(
                database,
                name,
                rowsPerDay,
                keptDays,
                in.of("bytes-" + database + "-" + name),
                in.of("document-bytes-" + name),
                in.of("keep-documents"));
    }

    double rowsPerYear(double members) {
        return members * rowsPerDay * 365;
    }

    double rowsAfter(double members, double years) {
        return members * rowsPerDay * Math.min(365 * years, keptDays);
    }

    /** Space that documents leave is used again by other rows. */
    double gibAfter(double members, double years) {
        double held = rowsAfter(members, years);
        double without = members * rowsPerDay * Math.max(0, Math.min(365 * years, keptDays) - documentDays);
        return (held * bytes - (documentBytes > 0 ? without * documentBytes : 0)) / GIB;
    }
}
