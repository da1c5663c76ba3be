package io.vitals.kit.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import net.logstash.logback.composite.AbstractJsonProvider;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the allow-listed fields of an event, and an exception without its messages. */
final class FieldsJsonProvider extends AbstractJsonProvider<ILoggingEvent> {
    private static final Set<String> ALLOWED =
            Arrays.stream(LogField.values()).map(LogField::key).collect(Collectors.toUnmodifiableSet());
    private static final int MAX_FRAMES = 30;

    private final String service;

    FieldsJsonProvider(String service) {
        this.service = service;
    }

    @Override
    public void writeTo(JsonGenerator generator, ILoggingEvent event) {
        generator.writeStringProperty("service", service);
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        boolean ours = pairs != null && !pairs.isEmpty() && "event".equals(pairs.getFirst().key);
        if (ours) {
            for (KeyValuePair pair : pairs) {
                write(generator, pair);
            }
        } else {
            // A library's line: the pattern is code, its arguments may be values.
            generator.writeStringProperty("event", "library");
            generator.writeStringProperty("message", String.valueOf(event.getMessage()));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            generator.writeStringProperty("error_class", thrown.getClassName());
            generator.writeStringProperty("stack", frames(thrown));
        }
    }

    private static void write(JsonGenerator generator, KeyValuePair pair) {
        if (pair.key.equals("event")) {
            generator.writeStringProperty("event", String.valueOf(pair.value));
        } else if (ALLOWED.contains(pair.key)) {
            if (pair.value instanceof Long number) {
                generator.writeNumberProperty(pair.key, number);
            } else {
                generator.writeStringProperty(pair.key, String.valueOf(pair.value));
            }
        }
    }

    private static String frames(IThrowableProxy thrown) {
        StringBuilder text = new StringBuilder();
        for (IThrowableProxy t = thrown; t != null; t = t.getCause()) {
            text.append(t.getClassName());
            StackTraceElementProxy[] frames = t.getStackTraceElementProxyArray();
            for (int i = 0; i < Math.min(MAX_FRAMES, frames.length); i++) {
                text.append(" | ").append(frames[i].getSTEAsString());
            }
            text.append('\n');
        }
        return text.toString().strip();
    }
}
