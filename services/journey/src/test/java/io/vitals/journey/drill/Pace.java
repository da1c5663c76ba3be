package io.vitals.journey.drill;

import java.time.Duration;

/**
 * How fast time passes for a drill.
 *
 * @param factor what every wait and window is divided by
 * @param scrape how often targets are looked at
 * @param database how often the exporters of databases are
 * @param evaluation how often rules are
 */
record Pace(int factor, Duration scrape, Duration database, Duration evaluation) {
    /** Five minutes are five seconds, and hold five scrapes. An exporter tries for three seconds before it says that a database is away. */
    static final Pace FAST = new Pace(60, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(1));

    /** As the PodMonitors and the operator's default say: nothing is shortened. */
    static final Pace REAL = new Pace(1, Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(30));
}
