package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.process.MemberSession;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.kit.logging.LogField;
import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Each line of the running services is made of what docs/logs.md says, and of nothing else. */
@ExtendWith(RunningVitals.class)
class LogSchemaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PERSON = 3;

    @Test
    void theServicesWriteWhatThePageSays(Stack stack) throws IOException {
        MemberSession jonas = MemberSession.signIn(stack, "jonas");
        jonas.connect(PERSON);
        jonas.disconnect();
        LogSchema schema = LogSchema.ours();
        for (ServiceProcess service : List.of(stack.healthApi(), stack.whoopService())) {
            List<String> lines = Files.readAllLines(service.log()).stream()
                    // What the virtual machine says of its options.
                    .filter(line -> !line.startsWith("NOTE: Picked up"))
                    .toList();
            assertThat(lines)
                    .anyMatch(line -> line.contains("\"member\":"))
                    .allSatisfy(line -> assertThat(schema.faults(MAPPER.readTree(line)))
                            .as(line)
                            .isEmpty());
        }
    }

    @Test
    void thePageHasEachFieldThatALineMayHave() throws IOException {
        assertThat(LogSchema.ours().fields())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Stream.of(
                                        "ts",
                                        "level",
                                        "logger_name",
                                        "thread_name",
                                        "service",
                                        "trace_id",
                                        "event",
                                        "error_class",
                                        "stack",
                                        "message"),
                                Stream.of(LogField.values())
                                        .map(field -> field.name().toLowerCase(Locale.ROOT)))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"count\":1 | \"heart_rate\":61 | has a field that nobody knows: heart_rate",
                "\"count\":1 | \"count\":\"many\" | count is no number",
                "\"level\":\"INFO\" | \"level\":\"info\" | level is no `DEBUG`, `ERROR`, `INFO`, `WARN`",
                "\"event\":\"stopped\" | \"event\":\"they said: 61 bpm!\" | event is no code",
                "\"member\":\"7f708ef4-6f31-4361-bdc4-7346258a9d45\" | \"member\":\"ada\" | member is no id",
                "\"service\":\"health-api\", | '' | lacks service",
            })
    void anotherLineIsNot(String before, String after, String fault) throws IOException {
        String line =
                "{\"ts\":\"2026-11-28T17:21:16.884589613Z\",\"level\":\"INFO\",\"logger_name\":\"a.B\",\"thread_name\":\"main\","
                        + "\"service\":\"health-api\",\"event\":\"stopped\",\"count\":1,\"member\":\"7f708ef4-6f31-4361-bdc4-7346258a9d45\"}";
        assertThat(LogSchema.ours().faults(MAPPER.readTree(line))).isEmpty();
        JsonNode changed = MAPPER.readTree(line.replace(before, after));
        assertThat(LogSchema.ours().faults(changed)).containsExactly(fault);
    }
}
