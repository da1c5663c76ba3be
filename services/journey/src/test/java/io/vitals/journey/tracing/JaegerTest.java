package io.vitals.journey.tracing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.process.MemberSession;
import io.vitals.journey.tracing.RunningJaeger.Span;
import io.vitals.probe.browser.Answer;
import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Both services send their spans to a real Jaeger: a member connects, records are fetched, days are merged, and it can be seen who asked whom. */
@Tag("drill")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JaegerTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PERSON = 3;
    private static final int REQUESTS = 50;

    private final Path folder;
    private final Ports jaegerPorts = Ports.free(new SecureRandom());
    private final Stack stack;
    private RunningJaeger jaeger;

    JaegerTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.jaeger = jaeger();
        Map<String, String> traced = Map.of(
                "VITALS_TRACING_ENABLED", "true", "VITALS_TRACING_PORT", Integer.toString(jaegerPorts.control()));
        stack = new Stack(
                new StackSettings(
                        Path.of("../.."),
                        Path.of("target", "vitals-traced"),
                        Ports.free(new SecureRandom()),
                        Almanac.pinned(LocalDate.now(ZoneOffset.UTC)),
                        _ -> {}),
                new Conditions(4, 1_000, 100_000, 1, 1, 1, Optional.empty(), traced, traced),
                line -> System.err.println("vitals-traced: " + line));
    }

    private RunningJaeger jaeger() throws IOException {
        return new RunningJaeger(folder, jaegerPorts.control(), jaegerPorts.issuer());
    }

    @BeforeAll
    void connectAndMerge() {
        stack.startAfresh();
        MemberSession jonas = MemberSession.signIn(stack, "jonas");
        jonas.connect(PERSON);
        await().atMost(PATIENCE).until(jonas::isCurrent);
        await().atMost(PATIENCE)
                .until(() -> jonas.get("/api/v1/users/me/overview?period=yesterday")
                        .json()
                        .path("enhanced_with_whoop")
                        .asBoolean());
    }

    @AfterAll
    void stop() {
        stack.close();
        jaeger.close();
    }

    @Test
    @Order(1)
    void connectingIsOneTraceAcrossBothServicesAndWhoop() {
        Span begun = awaited("health-api", named("POST /api/v1/users/{user}/links/whoop"));
        Span asked = below(begun, "whoop-service", named("POST /internal/v1/links/{member}"));
        assertThat(asked.tags()).containsEntry("span.kind", "server").containsKey("http.response.status_code");
        Span back = awaited("health-api", named("GET /api/v1/links/whoop/callback"));
        Span told = below(back, "whoop-service", named("POST /internal/v1/links/{member}/callback"));
        assertThat(below(told, "whoop-service", span -> span.name().startsWith("whoop-token "))
                        .tags())
                .containsEntry("span.kind", "client")
                .containsEntry("outcome", "success");
    }

    @Test
    @Order(2)
    void fetchingIsSeenByWhatItAsksWhoop() {
        assertThat(List.of("list-cycle", "list-recovery", "list-sleep", "list-workout"))
                .allSatisfy(operation -> assertThat(awaited("whoop-service", named("whoop-api " + operation))
                                .tags())
                        .containsEntry("span.kind", "client")
                        .containsEntry("outcome", "success"));
    }

    @Test
    @Order(3)
    void whatConnectingBringsIsFetchedInItsTrace() {
        Span back = awaited("health-api", named("GET /api/v1/links/whoop/callback"));
        Span synced = below(back, "whoop-service", named("sync sleep"));
        below(synced, "whoop-service", named("whoop-api list-sleep"));
    }

    @Test
    @Order(3)
    void mergingGoesOnTheTraceOfWhatChangedTheDayLast() {
        for (String name : List.of("fetch days", "merge days")) {
            await(name).atMost(PATIENCE).until(() -> followsAStep(name));
        }
    }

    private boolean followsAStep(String name) throws IOException, InterruptedException {
        for (Span span : jaeger.of("health-api")) {
            if (span.name().equals(name)) {
                List<Span> trace = jaeger.trace(span.trace());
                if (trace.stream()
                        .filter(step -> step.service().equals("whoop-service"))
                        .filter(step -> step.name().matches("(sync|walk) .*"))
                        .anyMatch(step -> leadsTo(trace, span, step))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    @Order(4)
    void whatAMemberAsksForIsFetchedInItsTrace() {
        Answer refreshed = MemberSession.signIn(stack, "jonas").call("POST", "/api/v1/users/me/refresh", "");
        assertThat(refreshed.status()).as(refreshed.text()).isEqualTo(200);
        Span asked = awaited("health-api", named("POST /api/v1/users/{user}/refresh"));
        below(below(asked, "whoop-service", named("sync cycle")), "whoop-service", named("whoop-api list-cycle"));
    }

    @Test
    @Order(5)
    void learningWhatChangedIsSeenInBothServices() {
        for (String route : List.of("GET /internal/v1/changes", "GET /internal/v1/days/{member}")) {
            Span told = awaited("whoop-service", named(route));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(jaeger.trace(told.trace())).anySatisfy(asks -> {
                        assertThat(asks.service()).isEqualTo("health-api");
                        assertThat(asks.id()).isEqualTo(told.parent());
                        assertThat(asks.tags()).containsEntry("span.kind", "client");
                    }));
        }
    }

    @Test
    @Order(6)
    void spansAreNamedByRoutesAndHoldNoValue() throws Exception {
        List<Span> all = Stream.concat(jaeger.of("health-api").stream(), jaeger.of("whoop-service").stream())
                .toList();
        assertThat(all).hasSizeGreaterThan(20).allSatisfy(span -> {
            // What differs from member to member is a name in braces.
            assertThat(span.name()).doesNotContainPattern("[0-9a-f]{8}-|\\d{3}|\\?|@");
            assertThat(span.tags().values())
                    .allSatisfy(value ->
                            assertThat(value).doesNotContainPattern("(?i)bearer|eyJ|[0-9a-f]{8}-[0-9a-f]{4}-"));
        });
    }

    @Test
    @Order(7)
    void whatFailsIsFoundByTheTraceInItsAnswerAndInTheLog() throws Exception {
        stack.whoopService().stop(Duration.ofSeconds(45));
        Answer refused;
        try {
            refused = MemberSession.signIn(stack, "jonas").get("/api/v1/users/me/links/whoop");
        } finally {
            stack.whoopService().start();
            stack.whoopService().awaitReady(PATIENCE);
        }
        assertThat(refused.status()).isEqualTo(503);
        String trace = refused.json().path("trace_id").asText();
        assertThat(trace).matches("[0-9a-f]{32}");
        assertThat(lines(stack.healthApi())
                        .filter(line -> line.path("trace_id").asText().equals(trace)))
                .extracting(line -> line.path("event").asText())
                .contains("request_failed");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(jaeger.trace(trace))
                        .extracting(Span::name)
                        .contains("GET /api/v1/users/{user}/links/whoop"));
    }

    @Test
    @Order(8)
    void aJaegerThatIsAwayCostsNothing() throws Exception {
        MemberSession jonas = MemberSession.signIn(stack, "jonas");
        long before = exporterLines();
        jaeger.close();
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(jonas.get("/api/v1/users/me/links/whoop").status()).isEqualTo(200);
        }
        // It was tried and said, and that is all that there is of it.
        await().atMost(PATIENCE).until(() -> exporterLines() > before);
        assertThat(exporterLines() - before).isLessThan(REQUESTS / 2);
        assertThat(stack.healthApi().isReady() && stack.whoopService().isReady())
                .isTrue();

        jaeger = jaeger();
        assertThat(jaeger.of("health-api")).isEmpty();
        await("spans arrive again").atMost(PATIENCE).until(() -> {
            jonas.get("/api/v1/users/me/links/whoop");
            return jaeger.of("health-api").stream().anyMatch(named("GET /api/v1/users/{user}/links/whoop"));
        });
    }

    private long exporterLines() throws IOException {
        return lines(stack.healthApi())
                .filter(line -> line.path("logger_name").asText().startsWith("io.opentelemetry."))
                .count();
    }

    private static Stream<JsonNode> lines(ServiceProcess service) throws IOException {
        return Files.readAllLines(service.log()).stream()
                .filter(line -> line.startsWith("{"))
                .map(JaegerTest::parsed);
    }

    private static JsonNode parsed(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static Predicate<Span> named(String name) {
        return span -> span.name().equals(name);
    }

    private Span awaited(String service, Predicate<Span> which) {
        return await().atMost(PATIENCE)
                .until(
                        () -> jaeger.of(service).stream()
                                .filter(span -> span.service().equals(service))
                                .filter(which)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** A span of that service in the same trace, from which parents lead up to the given one. */
    private Span below(Span top, String service, Predicate<Span> which) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            List<Span> trace = jaeger.trace(top.trace());
                            return trace.stream()
                                    .filter(span -> span.service().equals(service))
                                    .filter(which)
                                    .filter(span -> leadsTo(trace, span, top))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private static boolean leadsTo(List<Span> trace, Span span, Span top) {
        Span at = span;
        while (!at.id().equals(top.id())) {
            String parent = at.parent();
            Optional<Span> next =
                    trace.stream().filter(other -> other.id().equals(parent)).findFirst();
            if (next.isEmpty()) {
                return false;
            }
            at = next.get();
        }
        return true;
    }
}
