package io.vitals.loadtest.capacity;

/** What members ask for, in means over a day and in the busiest minute of it. */
record Demand(Inputs in) {
    private static final double DAY = 86_400;
    private static final double HOUR = 3_600;
    private static final double MINUTES_A_DAY = 1_440;

    double members() {
        return in.of("members");
    }

    double eventsPerMember() {
        return (in.of("sleeps") + in.of("recoveries") + in.of("workouts")) * in.of("deliveries-per-record");
    }

    double events() {
        return members() * eventsPerMember() / DAY;
    }

    double eventsAtPeak() {
        return peak(members() * eventsPerMember());
    }

    double reads() {
        return members() * in.of("reads") / DAY;
    }

    double readsAtPeak() {
        return peak(members() * in.of("reads"));
    }

    private double peak(double perDay) {
        return perDay * in.of("busiest-hour") / HOUR * in.of("burst");
    }

    /** Looks at the running cycle of a member in a day: no webhook tells of it. */
    double cycleLooks() {
        double hasty = in.of("cycle-hasty");
        double looksAnHour = 60 / in.of("cycle-interval");
        return (24 - hasty) * looksAnHour + hasty * 3 * looksAnHour;
    }

    /** Other looks of a member's day: three collections, profile and body. */
    double otherLooks() {
        return 3 * 24 / in.of("reconcile-interval") + 2 * 24 / in.of("profile-interval");
    }

    double callsForEvents() {
        return eventsPerMember() * in.of("calls-per-event");
    }

    double callsForHistory() {
        return in.of("new-members") * in.of("history-pages");
    }

    /** Calls of a member's day that no event causes; they spread over it. */
    double regularCalls() {
        return cycleLooks() + otherLooks() + in.of("comparison-pages") + callsForHistory();
    }

    double callsPerMember() {
        return callsForEvents() + regularCalls();
    }

    double callsADay() {
        return members() * callsPerMember();
    }

    double callsInPeakMinute() {
        return members() * regularCalls() / MINUTES_A_DAY + eventsAtPeak() * in.of("calls-per-event") * 60;
    }

    double appsByDay() {
        return Math.ceil(callsADay() / (in.of("whoop-day") * in.of("whoop-share")));
    }

    double appsByMinute() {
        return Math.ceil(callsInPeakMinute() / (in.of("whoop-minute") * in.of("whoop-share")));
    }

    double apps() {
        return Math.max(appsByDay(), appsByMinute());
    }

    /** How many members the quota of one app carries with nothing that waits for it. */
    double membersPerApp() {
        double byDay = in.of("whoop-day") * in.of("whoop-share") / callsPerMember();
        double byMinute = in.of("whoop-minute") * in.of("whoop-share") * members() / callsInPeakMinute();
        return Math.floor(Math.min(byDay, byMinute));
    }

    /** Looks a second over all members; each costs about what an event does. */
    double looks() {
        return members() * (cycleLooks() + otherLooks() + in.of("comparison-pages")) / DAY;
    }
}
