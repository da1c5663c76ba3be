package io.vitals.gitops.cluster;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** Requests to what health-api's active Service points at, at a constant rate while a scenario runs. */
final class Traffic implements AutoCloseable {
    private static final String SERVICE = "health-api";
    private static final int PER_SECOND = Integer.getInteger("vitals.rate", 200);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Requests requests;

    private Traffic(Requests requests) {
        this.requests = requests;
    }

    /** Only once all is answered: what was wrong before a scenario says nothing of it. */
    static Traffic start() {
        var traffic =
                new Traffic(Requests.start(Cluster.address(SERVICE + "-dev", SERVICE), 8080, "/openapi", PER_SECOND));
        traffic.awaitMore(Duration.ofSeconds(1));
        assertThat(traffic.requests.answers()).as("answers before the scenario").containsOnlyKeys("200");
        return traffic;
    }

    /** Goes on for a while, so that what the last step broke shows. */
    void awaitMore(Duration time) {
        int enough = requests.total() + (int) (PER_SECOND * time.toMillis() / 1000);
        Cluster.within(LIMIT).untilAsserted(() -> assertThat(requests.total()).isGreaterThan(enough));
    }

    void allWereAnswered() {
        awaitMore(Duration.ofSeconds(5));
        assertThat(requests.answers()).as("answers").containsOnlyKeys("200");
        ScenarioTable.figure("requests", requests.total());
        ScenarioTable.figure("failed", 0);
    }

    @Override
    public void close() {
        requests.close();
    }
}
