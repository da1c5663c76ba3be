package io.vitals.health.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests of half sense to every operation: none is answered with 500, and each answer keeps the contract, which
 * {@link Browser} sees to. The seed of a run is in its failures; {@code -Dvitals.fuzz.seed} repeats it,
 * {@code -Dvitals.fuzz.requests} makes it longer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractFuzzTest {
    private static final long SEED = Long.getLong("vitals.fuzz.seed", 20_261_127L);
    private static final int REQUESTS = Integer.getInteger("vitals.fuzz.requests", 40);
    private static final Contract CONTRACT = Contract.read();

    private static final List<String> ODD = List.of(
            "",
            " ",
            "0",
            "-1",
            "9999999999999999999",
            "1e400",
            "NaN",
            "null",
            "true",
            "2026-02-30",
            "2026-11-22",
            "0000-00-00",
            "+2026-11-22",
            "today",
            "me",
            "00000000-0000-0000-0000-000000000000",
            "3fa85f64-5717-4562-b3fc-2c963f66afa6",
            "../../etc",
            "..%2f",
            "'; DROP TABLE member; --",
            "<script>",
            "\u0000",
            "\u202e\ud83d\ude34",
            "\r\nX-Injected: 1",
            "a".repeat(3_000));
    private static final int ANSWERS_LOST = 3;
    private static final List<String> BODIES = List.of(
            "",
            "{",
            "[]",
            "null",
            "1",
            "\"\"",
            "{\"\":1}",
            "{\"a\":1,\"a\":2}",
            "[".repeat(2_000),
            "{\"health_data\":1e999}",
            "\u0000");

    private Door door;
    private Browser anyone;

    @BeforeAll
    void open() {
        door = Door.open();
        anyone = door.browser();
    }

    @AfterAll
    void close() {
        door.close();
    }

    /** A stream does not end, so it is no answer to wait for. */
    static Stream<Contract.Operation> operations() {
        return CONTRACT.operations().stream()
                .filter(operation -> operation
                        .node()
                        .path("responses")
                        .path("200")
                        .path("content")
                        .path("text/event-stream")
                        .isMissingNode());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void no_request_is_too_odd(Contract.Operation operation) {
        Random random = new Random(SEED ^ operation.toString().hashCode());
        Browser member = door.browser();
        member.signIn("mira");
        for (int i = 0; i < REQUESTS; i++) {
            Browser browser = random.nextInt(5) == 0 ? anyone : member;
            String path = path(operation, random);
            String body = body(operation, random);
            HttpResponse<String> answer = answer(() -> operation.method().equals("GET")
                    ? browser.get(path)
                    : browser.page(operation.method(), path, body));
            assertThat(answer.statusCode())
                    .as("%s, request %d of seed %d: %s", operation, i, SEED, shortened(path + " " + body))
                    .isLessThan(500);
        }
    }

    /**
     * What is refused before its body is read ends the connection, and a reset for the unread rest can overtake the answer: then it is asked
     * again, and not for ever.
     */
    private static HttpResponse<String> answer(Supplier<HttpResponse<String>> request) {
        for (int lost = 0; ; lost++) {
            try {
                return request.get();
            } catch (UncheckedIOException e) {
                if (lost == ANSWERS_LOST) {
                    throw e;
                }
            }
        }
    }

    private static String path(Contract.Operation operation, Random random) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> path = path.replace("{" + name + "}", encode(pathValue(name, random)));
                case "query" -> {
                    for (int times = random.nextInt(4) == 3 ? 2 : random.nextInt(2); times > 0; times--) {
                        query.add(encode(name) + "=" + encode(odd(random)));
                    }
                }
                default -> {}
            }
        }
        if (random.nextInt(6) == 0) {
            query.add(encode(odd(random)) + "=" + encode(odd(random)));
        }
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }

    private static String pathValue(String name, Random random) {
        if (name.equals("user") && random.nextInt(3) > 0) {
            return "me";
        }
        String odd = odd(random);
        return odd.isEmpty() ? "x" : odd;
    }

    private static String body(Contract.Operation operation, Random random) {
        JsonNode schema = CONTRACT.resolve(operation.pointer() + "/requestBody/content/application~1json/schema")
                .node();
        if (schema.isMissingNode() || random.nextInt(2) == 0) {
            return BODIES.get(random.nextInt(BODIES.size()));
        }
        List<String> fields = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(name -> {
            String value = switch (random.nextInt(4)) {
                case 0 -> TextNode.valueOf(odd(random)).toString();
                case 1 -> Integer.toString(random.nextInt());
                case 2 -> Boolean.toString(random.nextBoolean());
                default -> BODIES.get(2 + random.nextInt(4));
            };
            fields.add(TextNode.valueOf(name) + ":" + value);
        });
        return "{" + String.join(",", fields) + "}";
    }

    private static String odd(Random random) {
        return ODD.get(random.nextInt(ODD.size()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
