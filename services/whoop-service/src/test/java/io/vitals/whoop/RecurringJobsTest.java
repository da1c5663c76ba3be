package io.vitals.whoop;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.jobs.RecurringJobs;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RecurringJobsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(1);

    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabases.open(TestDatabases.migrated());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void eachRunHappensOnceHoweverManyReplicasThereAre() {
        AtomicInteger runs = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        try (RecurringJobs _ = replica("once", runs::incrementAndGet, looks);
                RecurringJobs _ = replica("once", runs::incrementAndGet, looks);
                RecurringJobs _ = replica("once", runs::incrementAndGet, looks)) {
            for (int round = 1; round <= 2; round++) {
                int expected = round;
                await().atMost(SOON).until(() -> runs.get() >= expected && resting("once"));
                // All replicas have looked since, and none of them has run it again.
                int seen = looks.get();
                await().atMost(SOON).until(() -> looks.get() >= seen + 6);
                assertThat(runs).hasValue(round);
                due("once");
            }
        }
        // Without the table each replica would run it.
        AtomicInteger loops = new AtomicInteger();
        try (Worker _ = Worker.start("one", LONG, () -> loops.incrementAndGet() < 0);
                Worker _ = Worker.start("two", LONG, () -> loops.incrementAndGet() < 0)) {
            await().atMost(SOON).until(() -> loops.get() == 2);
        }
    }

    @Test
    void aRunThatFailsIsCountedAndTheNextOneComes() {
        MeterRegistry registry = new SimpleMeterRegistry();
        AtomicInteger runs = new AtomicInteger();
        try (RecurringJobs _ = RecurringJobs.builder(database, new SecureRandom(), registry)
                .poll(Duration.ofMillis(100))
                .every("stumbling", LONG, () -> {
                    if (runs.incrementAndGet() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                })
                .start()) {
            await().atMost(SOON).until(() -> count(registry, "error") == 1 && resting("stumbling"));
            assertThat(count(registry, "success")).isZero();
            due("stumbling");
            await().atMost(SOON).until(() -> count(registry, "success") == 1);
        }
        assertThat(count(registry, "error")).isEqualTo(1);
    }

    @Test
    void exactlyOneReplicaSaysThatItEndedTheLatestRun() {
        AtomicInteger runs = new AtomicInteger();
        try (RecurringJobs one = alone("shared", runs);
                RecurringJobs other = alone("shared", runs)) {
            for (int round = 1; round <= 6; round++) {
                int expected = round;
                await().atMost(SOON).until(() -> runs.get() == expected && resting("shared"));
                await().atMost(SOON).until(() -> one.ranLast(LONG) != other.ranLast(LONG));
                due("shared");
            }
            await().atMost(SOON).until(() -> runs.get() == 7 && resting("shared"));
            // Nobody for a while is nobody, whoever it was before.
            database.execute(
                    Sql.named(
                            "test-long-ago",
                            "UPDATE scheduled_tasks SET last_success = last_success - INTERVAL '2 hours', last_failure = NULL"),
                    Params.none());
            assertThat(one.ranLast(LONG) || other.ranLast(LONG)).isFalse();
        }
    }

    private RecurringJobs alone(String name, AtomicInteger runs) {
        return RecurringJobs.builder(database, new SecureRandom(), new SimpleMeterRegistry())
                .poll(Duration.ofMillis(100))
                .every(name, LONG, runs::incrementAndGet)
                .start();
    }

    /** Runs the job under test, and one of its own that shows how often it has looked for work. */
    private RecurringJobs replica(String name, Runnable job, AtomicInteger looks) {
        return RecurringJobs.builder(database, new SecureRandom(), new SimpleMeterRegistry())
                .poll(Duration.ofMillis(100))
                .every(name, LONG, job::run)
                .every(
                        "look-" + looks.hashCode() + "-" + System.nanoTime(),
                        Duration.ofMillis(1),
                        looks::incrementAndGet)
                .start();
    }

    private static double count(MeterRegistry registry, String outcome) {
        return registry.get("scheduler.runs").tag("outcome", outcome).counter().count();
    }

    private boolean resting(String job) {
        return database.first(
                        Sql.named(
                                "test-resting",
                                "SELECT task_name FROM scheduled_tasks WHERE task_name = :name AND NOT picked AND execution_time > now()"),
                        Params.of("name", job),
                        row -> row.string("task_name"))
                .isPresent();
    }

    private void due(String job) {
        database.execute(
                Sql.named("test-due", "UPDATE scheduled_tasks SET execution_time = now() WHERE task_name = :name"),
                Params.of("name", job));
    }
}
