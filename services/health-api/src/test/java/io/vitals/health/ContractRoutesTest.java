package io.vitals.health;

import io.helidon.tracing.Tracer;
import io.vitals.health.access.Rule;
import io.vitals.health.api.Policy;
import io.vitals.health.api.Reads;
import io.vitals.health.contract.Contract;
import io.vitals.health.contract.Contract.Operation;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.WhoopDays;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every operation of the contract answered with success at least once, by the whole service, and what each answer lets
 * others keep of it. A new operation fails here until it has its example; each answer is judged by {@link Browser}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractRoutesTest {
    private static final Contract CONTRACT = Contract.read();
    private static final String ME = "/api/v1/users/me";
    private final LocalDate date = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    private RunningHealth service;
    private Browser member;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Supplier<HttpResponse<?>>> examples = new HashMap<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        service = new RunningHealth(folder, Tracer.noOp(), Account.SANDBOX);
        member = signedIn("mira");
        member.page("PUT", ME + "/consents", "{\"health_data\":true}");
        service.whoop().days(Map.of(date, WhoopDays.of(date)), memberId(member));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> member.get(ME + "/days/" + date).statusCode() == 200);
        browserExamples();
        memberExamples();
        otherExamples();
        adminExamples();
    }

    @AfterAll
    void stop() {
        http.close();
        service.close();
    }

    private void browserExamples() {
        examples.put("GET /", () -> member.get("/"));
        examples.put("GET /assets/{path}", () -> member.get("/assets/icon.svg"));
        examples.put("GET /docs", () -> member.get("/docs"));
        examples.put("GET /openapi", () -> member.get("/openapi"));
        examples.put("GET /auth/login", () -> service.browser().get("/auth/login?to=/"));
        examples.put("GET /auth/callback", () -> service.browser().signIn("mira"));
        examples.put("POST /auth/logout", () -> signedIn("jonas").page("POST", "/auth/logout", ""));
        examples.put(
                "POST /auth/backchannel-logout",
                () -> service.browser()
                        .send(
                                "POST",
                                "/auth/backchannel-logout",
                                "logout_token="
                                        + URLEncoder.encode(
                                                service.issuer().mint().logoutTokenFor(Account.JONAS),
                                                StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/x-www-form-urlencoded"));
        examples.put("POST /api/v1/webhooks/sahha", () -> {
            String id = memberId(member);
            String secret = service.secrets().getOrDefault("SAHHA_WEBHOOK_SECRET", "");
            return service.webhook("ScoreCreatedIntegrationEvent", id, "{\"externalId\":\"" + id + "\"}", secret);
        });
    }

    private void memberExamples() {
        for (String path : List.of("/days", "/days/" + date, "/days/" + date + "/explain", "/overview", "/sources")) {
            examples.put(
                    "GET /api/v1/users/{user}" + path.replace(date.toString(), "{date}"), () -> member.get(ME + path));
        }
        examples.put("GET /api/v1/me", () -> member.get("/api/v1/me"));
        examples.put("GET /api/v1/me/sessions", () -> member.get("/api/v1/me/sessions"));
        examples.put("DELETE /api/v1/me/sessions/{id}", () -> {
            Browser other = signedIn("otto");
            String id = text(other.get("/api/v1/me/sessions"), "/sessions/0/id");
            return other.page("DELETE", "/api/v1/me/sessions/" + id, "");
        });
        examples.put("POST /api/v1/users/{user}/refresh", () -> member.page("POST", ME + "/refresh?date=" + date, ""));
        examples.put("POST /api/v1/users/{user}/links/whoop", () -> member.page("POST", ME + "/links/whoop", ""));
        examples.put("GET /api/v1/users/{user}/links/whoop", () -> member.get(ME + "/links/whoop"));
        examples.put("DELETE /api/v1/users/{user}/links/whoop", () -> member.page("DELETE", ME + "/links/whoop", ""));
        examples.put(
                "GET /api/v1/links/whoop/callback", () -> member.get("/api/v1/links/whoop/callback?state=s&code=c"));
        examples.put("GET /api/v1/users/{user}/consents", () -> member.get(ME + "/consents"));
        examples.put(
                "PUT /api/v1/users/{user}/consents",
                () -> member.page("PUT", ME + "/consents", "{\"health_data\":true}"));
        examples.put("GET /api/v1/users/{user}/export", () -> member.get(ME + "/export"));
        examples.put("GET /api/v1/users/{user}/accesses", () -> member.get(ME + "/accesses"));
        examples.put("GET /api/v1/users/{user}/events", this::stream);
        examples.put("POST /api/v1/api-keys", this::makeKey);
        examples.put("GET /api/v1/api-keys", () -> member.get("/api/v1/api-keys"));
        examples.put(
                "POST /api/v1/api-keys/{id}/rotate",
                () -> member.page("POST", "/api/v1/api-keys/" + text(makeKey(), "/key/id") + "/rotate", ""));
        examples.put(
                "DELETE /api/v1/api-keys/{id}",
                () -> member.page("DELETE", "/api/v1/api-keys/" + text(makeKey(), "/key/id"), ""));
    }

    private void otherExamples() {
        examples.put("DELETE /api/v1/users/{user}", () -> signedIn("jonas").page("DELETE", ME, ""));
        examples.put("GET /api/v1/erasures/{erasure}", () -> {
            HttpResponse<String> erased = signedIn("jonas").page("DELETE", ME, "");
            return service.browser().get(Browser.location(erased));
        });
        examples.put("GET /api/v1/audit", () -> signedIn("otto").get("/api/v1/audit"));
        examples.put("GET /api/v1/audit/members", () -> signedIn("otto").get("/api/v1/audit/members?actor=nobody"));
    }

    private void adminExamples() {
        Browser ada = signedIn("ada");
        String base = "/api/v1/admin/";
        for (String path : List.of("links", "coverage", "dead-letters", "quota", "audit")) {
            examples.put("GET " + base + path, () -> ada.get(base + path));
        }
        examples.put("GET " + base + "members", () -> ada.get(base + "members?state=active"));
        examples.put(
                "GET " + base + "members/{member}/coverage",
                () -> ada.get(base + "members/" + memberId(member) + "/coverage"));
        examples.put(
                "POST " + base + "dead-letters/replay",
                () -> ada.page("POST", base + "dead-letters/replay", "{\"source\":\"whoop\",\"id\":\"trace-1\"}"));
    }

    private HttpResponse<String> makeKey() {
        return member.page("POST", "/api/v1/api-keys", "{\"name\":\"reader\",\"scopes\":[\"days:read\"]}");
    }

    /** Without a judge: its body does not end. */
    private HttpResponse<?> stream() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.url() + ME + "/events"))
                .header("Cookie", "__Host-vitals=" + member.cookies().get("__Host-vitals"))
                .build();
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            answer.body().close();
            return answer;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static List<Operation> operations() {
        return CONTRACT.operations();
    }

    @Test
    void every_operation_has_an_example() {
        assertThat(new TreeSet<>(examples.keySet()))
                .isEqualTo(
                        operations().stream().map(Operation::toString).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void is_answered_with_success_and_kept_by_nobody_else(Operation operation) {
        HttpResponse<?> answer = java.util.Objects.requireNonNull(examples.get(operation.toString()))
                .get();
        assertThat(answer.statusCode())
                .as(operation.toString())
                .isBetween(200, 399)
                .isNotEqualTo(304);
        assertThat(CONTRACT.document()
                        .at(operation.pointer() + "/responses")
                        .has(Integer.toString(answer.statusCode())))
                .as("declares %d", answer.statusCode())
                .isTrue();
        String tag = answer.headers().firstValue("ETag").orElse(null);
        assertThat(header(answer)).as("Cache-Control").isEqualTo(caching(rule(operation), tag));
        if (tag != null) {
            String path = answer.request().uri().getPath();
            // Sahha's days may still be coming in, and change what has just been answered.
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                HttpResponse<String> now = member.get(path);
                HttpResponse<String> again = member.get(
                        path, "If-None-Match", now.headers().firstValue("ETag").orElse(""));
                assertThat(again.statusCode())
                        .as("%s with the tag it has just sent", operation)
                        .isEqualTo(304);
                assertThat(header(again)).as("Cache-Control of 304").isEqualTo(header(answer));
            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void a_refusal_is_kept_by_nobody(Operation operation) {
        Rule rule = rule(operation);
        if (!rule.entry().open()) {
            String path = operation
                    .path()
                    .replace("{user}", "me")
                    .replace("{date}", date.toString())
                    .replace("{member}", "00000000-0000-4000-8000-000000000000")
                    .replace("{id}", "00000000-0000-4000-8000-000000000000");
            HttpResponse<String> refused = service.browser().send(operation.method(), path, "");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(header(refused)).isEqualTo("no-store");
        }
    }

    /** What the expectation itself is worth: an answer about a member may be asked about again, never shared or stored unasked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /api/v1/users/{user}/days | \"t\" | private, no-cache",
                "GET /api/v1/users/{user}/days | | no-store",
                "GET /api/v1/users/{user}/export | | no-store",
                "GET /api/v1/me | | no-store",
                "POST /api/v1/api-keys | | no-store",
                "GET /openapi | \"t\" | no-cache"
            })
    void the_rule_of_what_may_be_kept(String route, @Nullable String tag, String expected) {
        Rule rule = Policy.TABLE.stream()
                .filter(r -> r.route().equals(route))
                .findFirst()
                .orElseThrow();
        assertThat(caching(rule, tag)).isEqualTo(expected);
    }

    private static String caching(Rule rule, @Nullable String tag) {
        if (tag == null) {
            return "no-store";
        }
        return Reads.actionOf(rule).isPresent() ? "private, no-cache" : "no-cache";
    }

    private static Rule rule(Operation operation) {
        String route = operation.toString().replace("{path}", "*");
        return Policy.TABLE.stream()
                .filter(rule -> rule.route().equals(route))
                .findFirst()
                .orElseThrow();
    }

    private static String header(HttpResponse<?> answer) {
        return String.join(" and ", answer.headers().allValues("Cache-Control"));
    }

    private Browser signedIn(String account) {
        Browser browser = service.browser();
        browser.signIn(account);
        return browser;
    }

    private static String memberId(Browser browser) {
        return text(browser.get("/api/v1/me"), "/member");
    }

    private static String text(HttpResponse<String> answer, String pointer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
                .at(pointer)
                .asText();
    }
}
