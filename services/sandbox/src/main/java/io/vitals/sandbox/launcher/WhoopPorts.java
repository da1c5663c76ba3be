package io.vitals.sandbox.launcher;

import java.util.random.RandomGenerator;

/** The listeners of one whoop-service. */
record WhoopPorts(int webhooks, int internal, int management) {
    private static final int COUNT = 3;

    /** Those that the run's own ports name. */
    static WhoopPorts of(Ports ports) {
        return new WhoopPorts(ports.whoopPublic(), ports.whoopInternal(), ports.whoopManagement());
    }

    /** Free ones for a further replica. */
    static WhoopPorts free(RandomGenerator random) {
        int first = Ports.freeRow(random, COUNT);
        return new WhoopPorts(first, first + 1, first + 2);
    }
}
