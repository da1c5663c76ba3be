package io.vitals.whoop;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.Settings;
import io.vitals.kit.db.Database;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.Remapped;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code remap [--type sleep|cycle|recovery|workout]}: reads the stored documents again that an older mapping has read. May run beside the
 * service, be cut off and run again.
 */
final class RemapCommand {
    static final String USAGE = "[--type sleep|cycle|recovery|workout]";
    static final Options.Syntax SYNTAX = new Options.Syntax(Set.of("type"), Set.of());

    private RemapCommand() {}

    static void run(Options options, Map<String, String> environment, Clock clock)
            throws UsageException, ConfigException {
        List<RecordType> types = types(options);
        WhoopServiceSettings settings = Settings.load(WhoopServiceSettings.class, environment);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Database database = Database.open(settings.db(), "whoop-remap", registry)) {
            Records records = new Records(new Feed(database), clock, registry);
            for (RecordType type : types) {
                Remapped remapped = records.remap(database, type);
                System.out.printf(
                        "%s: %d read again, %d changed, %d unreadable%n",
                        type.code(), remapped.read(), remapped.changed(), remapped.unreadable());
            }
        }
    }

    /** All kinds in the order in which they place each other's days, or the one asked for. */
    static List<RecordType> types(Options options) throws UsageException {
        Optional<String> type = options.value("type");
        if (type.isEmpty()) {
            return RecordType.COLLECTIONS;
        }
        return List.of(RecordType.COLLECTIONS.stream()
                .filter(known -> known.code().equals(type.get()))
                .findFirst()
                .orElseThrow(() -> new UsageException("--type is none of sleep, cycle, recovery and workout")));
    }
}
