package io.vitals.kit.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import io.micrometer.core.instrument.MeterRegistry;
import net.logstash.logback.composite.loggingevent.LogLevelJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggerNameJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggingEventFormattedTimestampJsonProvider;
import net.logstash.logback.composite.loggingevent.LoggingEventJsonProviders;
import net.logstash.logback.composite.loggingevent.LoggingEventThreadNameJsonProvider;
import net.logstash.logback.composite.loggingevent.MdcJsonProvider;
import net.logstash.logback.encoder.LoggingEventCompositeJsonEncoder;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.util.logging.LogManager;

/**
 * Sets up logging for a process: one JSON object a line on standard output, UTC, only allow-listed fields. Everything
 * that libraries log goes the same way, at warning and above.
 */
public final class Logging {
    private Logging() {}

    /** Replaces whatever logging is configured. Call first in {@code main}. */
    public static void init(String service) {
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder(context, service));
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("io.vitals").setLevel(Level.INFO);
        // It warns that the management server has no REST resources; it is not meant to have any.
        context.getLogger("io.helidon.microprofile.server.ServerCdiExtension").setLevel(Level.ERROR);
    }

    /** For a program that only says one thing: whatever logging is configured, nothing is logged from now on. */
    public static void silence() {
        LogManager.getLogManager().reset();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }

    /** Ends the counting; closing it cannot fail. */
    public interface Counting extends AutoCloseable {
        @Override
        void close();
    }

    /** Counts what is logged from now on, until it is closed. */
    public static Counting count(MeterRegistry registry) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        EventCounter counter = new EventCounter(registry);
        counter.setContext(context);
        counter.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(counter);
        return () -> {
            root.detachAppender(counter);
            counter.stop();
        };
    }

    static LoggingEventCompositeJsonEncoder encoder(LoggerContext context, String service) {
        LoggingEventFormattedTimestampJsonProvider timestamp = new LoggingEventFormattedTimestampJsonProvider();
        timestamp.setFieldName("ts");
        timestamp.setTimeZone("UTC");
        timestamp.setPattern("[ISO_INSTANT]");
        MdcJsonProvider mdc = new MdcJsonProvider();
        mdc.addIncludeMdcKeyName("request_id");
        mdc.addIncludeMdcKeyName("trace_id");
        LoggingEventJsonProviders providers = new LoggingEventJsonProviders();
        providers.addProvider(timestamp);
        providers.addProvider(new LogLevelJsonProvider());
        providers.addProvider(new LoggerNameJsonProvider());
        providers.addProvider(new LoggingEventThreadNameJsonProvider());
        providers.addProvider(new FieldsJsonProvider(service));
        providers.addProvider(mdc);
        LoggingEventCompositeJsonEncoder encoder = new LoggingEventCompositeJsonEncoder();
        encoder.setContext(context);
        encoder.setProviders(providers);
        encoder.start();
        return encoder;
    }
}
