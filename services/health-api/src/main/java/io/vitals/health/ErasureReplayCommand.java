package io.vitals.health;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.privacy.Erasures;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.db.Database;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.kit.personal.ErasureLedger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * {@code erasure replay}: after an old backup was restored, and before anybody is let in, makes the database forget again
 * whom the ledger outside of it names.
 */
final class ErasureReplayCommand {
    static final String USAGE = "--ledger FILE-OR-DIRECTORY";
    static final Options.Syntax SYNTAX = new Options.Syntax(Set.of("ledger"), Set.of());

    private ErasureReplayCommand() {}

    static String run(DatabaseSettings settings, Options options, Instant now) throws UsageException, IOException {
        Path ledger = Path.of(options.value("ledger").orElseThrow(() -> new UsageException("--ledger is missing")));
        List<Path> files = ErasureLedger.files(ledger);
        try (Database database = Database.open(settings, "health-erasure-replay", new SimpleMeterRegistry())) {
            int members = Erasures.replay(database, files, now);
            return members + " members forgotten again; the running service ends the rest with whoop-service";
        }
    }
}
