package io.vitals.journey.chaos;

import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.whoop.DeliveryRecorder;
import org.flywaydb.core.Flyway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/**
 * Tells whether a whoop-service goes on when the schema of a next release is laid under it: it takes webhooks in, works
 * them off, and starts again. For two real releases the newer one's schema is there from the start, and the last
 * replica runs the older jar ({@link ChaosVitals#PREVIOUS_JAR}); then no migration need be given.
 */
final class SchemaCompatibility {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Stack stack;
    private final Store store;

    SchemaCompatibility(Stack stack) {
        this.stack = stack;
        this.store = new Store(stack);
    }

    /**
     * How the service fared.
     *
     * @param accepted events that it took in
     * @param refused answers that were no success
     */
    record Outcome(int accepted, int refused) {
        boolean goesOn() {
            return accepted > 0 && refused == 0;
        }
    }

    /** Runs a migration as the next release's migrate command would: as the owner, while replicas of the present one serve. */
    void migrate(Path directory, String file, String script) {
        SandboxDatabase database = stack.whoopDatabase();
        try {
            Files.writeString(directory.resolve(file), script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Flyway.configure()
                .dataSource(
                        database.url(),
                        database.owner().user(),
                        database.owner().password())
                .locations("filesystem:" + directory)
                .placeholders(Map.of("app_role", database.app().user()))
                // The present release's migrations are in its jar, not here.
                .validateOnMigrate(false)
                .load()
                .migrate();
    }

    /** Takes a migration back by hand, so that the next test finds the schema as it was. */
    void undo(String version, String script) {
        store.execute("whoop", script);
        store.execute("whoop", "DELETE FROM flyway_schema_history WHERE version = '" + version + "'");
    }

    /** Sends events and waits until each has been answered; those taken in are then worked off. */
    Outcome serve(int events, long seed) {
        var history = new DeliveryHistory();
        stack.simulators().whoop().control().recordDeliveries(history);
        try {
            new Traffic(stack, ChaosVitals.LINKED.keySet(), history, seed).sendReminders(events);
            history.awaitAnswered(PATIENCE);
            if (history.refused() == 0) {
                await("all are worked off").atMost(PATIENCE).until(() -> store.unfinishedEvents() == 0);
            }
            return new Outcome(history.accepted(), history.refused());
        } finally {
            stack.simulators().whoop().control().recordDeliveries(DeliveryRecorder.NONE);
        }
    }

    /** A replica of the release that the schema has moved on from is started, as in the middle of a rollout. */
    void restart(ServiceProcess replica) {
        replica.stop(Duration.ofSeconds(45));
        replica.start();
        replica.awaitReady(PATIENCE);
    }
}
