package io.vitals.whoop;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.Settings;
import io.vitals.kit.db.Database;
import io.vitals.kit.lifecycle.CommandLine.UsageException;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.Remapped;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * {@code remap [--type sleep|cycle|recovery|workout]}: reads the stored documents again that an older mapping has read. May run beside the
 * service, be cut off and run again.
 */
final class RemapCommand {
    private static final String USAGE = "[--type sleep|cycle|recovery|workout]";

    private RemapCommand() {}

    static void run(List<String> options, Map<String, String> environment) throws UsageException, ConfigException {
        List<RecordType> types = types(options);
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Database database = Database.open(settings.db(), "whoop-remap", registry)) {
            Records records = new Records(new Feed(database), Clock.systemUTC(), registry);
            for (RecordType type : types) {
                Remapped remapped = records.remap(database, type);
                System.out.printf(
                        "%s: %d read again, %d changed, %d unreadable%n",
                        type.code(), remapped.read(), remapped.changed(), remapped.unreadable());
            }
        }
    }

    /** All kinds in the order in which they place each other's days, or the one asked for. */
    static List<RecordType> types(List<String> options) throws UsageException {
        if (options.isEmpty()) {
            return RecordType.COLLECTIONS;
        }
        if (options.size() == 2 && options.getFirst().equals("--type")) {
            for (RecordType type : RecordType.COLLECTIONS) {
                if (type.code().equals(options.getLast())) {
                    return List.of(type);
                }
            }
        }
        throw new UsageException(USAGE);
    }
}
