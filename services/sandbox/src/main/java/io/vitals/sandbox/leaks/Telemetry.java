package io.vitals.sandbox.leaks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.helidon.tracing.Tracer;
import io.helidon.tracing.providers.opentelemetry.HelidonOpenTelemetry;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All that a service says of itself while this is open: log events with more detail than are ever written, and finished spans. */
public final class Telemetry implements AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> spans = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final Appender appender = new Appender();
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private Telemetry() {
        // What libraries write to java.util.logging comes here, too.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.INFO);
        provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new Exporter()))
                .build();
        var sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        tracer = HelidonOpenTelemetry.create(sdk, sdk.getTracer("test"), Map.of());
    }

    public static Telemetry open() {
        return new Telemetry();
    }

    public Tracer tracer() {
        return tracer;
    }

    /** Every line with its fields, its cause and the cause's messages, which the service itself leaves out. */
    public String log() {
        return String.join("\n", lines);
    }

    public String spans() {
        return String.join("\n", spans);
    }

    /** What a scrape shows, as far as text can hide in it. */
    public static String metrics(MeterRegistry registry) {
        StringBuilder text = new StringBuilder();
        for (Meter meter : registry.getMeters()) {
            text.append(meter.getId()).append(' ').append(meter.getId().getDescription());
            meter.measure().forEach(value -> text.append(' ').append(value));
            text.append('\n');
        }
        return text.toString();
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        root.setLevel(before);
        provider.close();
    }

    private final class Appender extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLoggerName()
                    + ' '
                    + event.getFormattedMessage()
                    + ' '
                    + event.getKeyValuePairs()
                    + ' '
                    + event.getMDCPropertyMap()
                    + ' '
                    + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    private final class Exporter implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> finished) {
            finished.forEach(span ->
                    spans.add(span.getName() + ' ' + span.getAttributes() + ' ' + span.getEvents() + ' ' + span));
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
