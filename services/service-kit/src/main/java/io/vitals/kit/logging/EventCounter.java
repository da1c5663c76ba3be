package io.vitals.kit.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.event.KeyValuePair;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts log lines by level and event, so that alerts on what is logged can be tested like all others. Events are codes in our source, so
 * there are few; whatever libraries log counts as one event.
 */
final class EventCounter extends AppenderBase<ILoggingEvent> {
    private static final String LIBRARY = "library";
    private static final List<Level> LEVELS = List.of(Level.INFO, Level.WARN, Level.ERROR);

    private record Key(Level level, String event) {}

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

    EventCounter(MeterRegistry registry) {
        this.registry = registry;
        LEVELS.forEach(level -> counter(new Key(level, LIBRARY)));
    }

    @Override
    protected void append(ILoggingEvent line) {
        if (LEVELS.contains(line.getLevel())) {
            counter(new Key(line.getLevel(), eventOf(line))).increment();
        }
    }

    private static String eventOf(ILoggingEvent line) {
        List<KeyValuePair> fields = line.getKeyValuePairs();
        if (fields != null && line.getLoggerName().startsWith("io.vitals.")) {
            for (KeyValuePair field : fields) {
                if (field.key.equals("event")) {
                    return String.valueOf(field.value);
                }
            }
        }
        return LIBRARY;
    }

    private Counter counter(Key key) {
        return counters.computeIfAbsent(
                key,
                k -> Counter.builder("app.log.events")
                        .description("Log lines by level and event")
                        .tag("level", k.level().toString().toLowerCase(Locale.ROOT))
                        .tag("event", k.event())
                        .register(registry));
    }
}
