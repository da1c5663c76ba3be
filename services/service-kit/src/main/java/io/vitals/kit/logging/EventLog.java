package io.vitals.kit.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

import java.util.regex.Pattern;

/** Writes events: a stable snake_case code and allow-listed fields. The one way to log in our code. */
public final class EventLog {
    private static final Pattern CODE = Pattern.compile("[a-z0-9_]{1,64}");

    private final Logger logger;

    private EventLog(Logger logger) {
        this.logger = logger;
    }

    public static EventLog of(Class<?> owner) {
        return new EventLog(LoggerFactory.getLogger(owner));
    }

    public void debug(String event, LogField.Entry... fields) {
        write(logger.atLevel(Level.DEBUG), event, fields);
    }

    public void info(String event, LogField.Entry... fields) {
        write(logger.atLevel(Level.INFO), event, fields);
    }

    public void warn(String event, LogField.Entry... fields) {
        write(logger.atLevel(Level.WARN), event, fields);
    }

    public void warn(String event, Throwable cause, LogField.Entry... fields) {
        write(logger.atLevel(Level.WARN).setCause(cause), event, fields);
    }

    public void error(String event, LogField.Entry... fields) {
        write(logger.atLevel(Level.ERROR), event, fields);
    }

    /** Logs the classes and frames of the cause; its messages are left out, as they may quote values. */
    public void error(String event, Throwable cause, LogField.Entry... fields) {
        write(logger.atLevel(Level.ERROR).setCause(cause), event, fields);
    }

    private static void write(LoggingEventBuilder builder, String event, LogField.Entry... fields) {
        if (!CODE.matcher(event).matches()) {
            throw new IllegalArgumentException("an event is named by a snake_case code");
        }
        LoggingEventBuilder line = builder.addKeyValue("event", event);
        for (LogField.Entry entry : fields) {
            line = line.addKeyValue(entry.field().key(), entry.value());
        }
        line.log(event);
    }
}
