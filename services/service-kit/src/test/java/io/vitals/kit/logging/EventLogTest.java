package io.vitals.kit.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventLogTest {
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final Logger logger = context.getLogger(EventLogTest.class);

    @BeforeEach
    void capture() {
        appender.setContext(context);
        appender.setEncoder(Logging.encoder(context, "kit"));
        appender.setOutputStream(out);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void release() {
        logger.detachAppender(appender);
        MDC.clear();
    }

    @Test
    void oneJsonObjectALineWithTheFieldsGiven() {
        UUID member = UUID.fromString("00000000-0000-4000-8000-000000000001");
        MDC.put("request_id", "abc");
        MDC.put("other", "never shown");
        EventLog.of(EventLogTest.class).info("webhook_accepted", LogField.MEMBER.of(member), LogField.COUNT.of(3));
        JsonNode line = single();
        assertThat(line.path("event").asText()).isEqualTo("webhook_accepted");
        assertThat(line.path("member").asText()).isEqualTo(member.toString());
        assertThat(line.path("count").asLong()).isEqualTo(3);
        assertThat(line.path("service").asText()).isEqualTo("kit");
        assertThat(line.path("request_id").asText()).isEqualTo("abc");
        assertThat(line.path("ts").asText()).endsWith("Z");
        assertThat(line.has("other")).isFalse();
    }

    @Test
    void controlCharactersCannotForgeALine() {
        EventLog.of(EventLogTest.class)
                .warn("odd_input", LogField.REASON.of("a\n{\"event\":\"forged\"}\r\u0000\u2028"));
        assertThat(single().path("event").asText()).isEqualTo("odd_input");
    }

    @Test
    void messagesOfExceptionsStayInside() {
        Exception cause = new IllegalStateException("inner swordfish");
        EventLog.of(EventLogTest.class).error("failed_step", new IllegalArgumentException("swordfish", cause));
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("swordfish");
        assertThat(single().path("error_class").asText()).isEqualTo("java.lang.IllegalArgumentException");
        assertThat(single().path("stack").asText()).contains("java.lang.IllegalStateException", "EventLogTest");
    }

    @Test
    void argumentsOfALibrarysLineStayInside() {
        LoggerFactory.getLogger(EventLogTest.class).warn("cannot parse {}", "swordfish");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("swordfish");
        assertThat(single().path("message").asText()).isEqualTo("cannot parse {}");
    }

    @Test
    void anEventIsNamedByACode() {
        assertThatThrownBy(() -> EventLog.of(EventLogTest.class).info("Value is 42"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private JsonNode single() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(1);
        return Json.tree(lines.getFirst().getBytes(StandardCharsets.UTF_8));
    }
}
