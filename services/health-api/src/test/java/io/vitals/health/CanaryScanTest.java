package io.vitals.health;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.WhoopDays;
import io.vitals.health.testing.WhoopServer;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.leaks.Telemetry;
import io.vitals.sandbox.sahha.SahhaFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Secrets and health values of every kind through every route and its error paths, and none of them in a log line, a
 * metric, a span, a refusal, a header or a URL. What is planted there is found.
 */
class CanaryScanTest {
    private static final String ME = "/api/v1/users/me";

    private final LocalDate date = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    private final Canaries canaries = new Canaries();

    @Test
    void nothing_of_it_is_said_anywhere(@TempDir Path folder) throws Exception {
        Account person = new Account(canaries.fresh("subject"), canaries.fresh("display name"), List.of("member"));
        try (Telemetry telemetry = Telemetry.open();
                RunningHealth service = new RunningHealth(folder, telemetry.tracer(), List.of(person, Account.OTTO));
                CanaryTraffic traffic = new CanaryTraffic(service.url(), canaries)) {
            service.secrets().forEach(canaries::learned);
            canaries.learned("keyset", keyIn(service));
            Browser member = new CanaryMember(service, canaries, date).use(person);
            List<Map<String, String>> proofs = proofs(service, person, member);
            traffic.everything(proofs);
            brokenUpstreams(service, member);
            traffic.everything(proofs.subList(0, 2));
            brokenRows(service, traffic, proofs);
            assertThat(traffic.statuses()).contains(400, 401, 403, 404, 413, 500, 503);
            assertThat(canaries.count()).isGreaterThanOrEqualTo(50);

            places(telemetry, service, traffic)
                    .forEach((place, text) ->
                            assertThat(canaries.in(text)).as(place).isEmpty());
            plant(telemetry, service);
            Map<String, Set<String>> found = new LinkedHashMap<>();
            places(telemetry, service, traffic).forEach((place, text) -> found.put(place, canaries.in(text)));
            assertThat(found.get("log")).containsExactlyInAnyOrder("planted by us", "planted by a library");
            assertThat(found.get("metrics")).containsExactly("planted by us");
            assertThat(found.get("spans")).containsExactly("planted by us");
        }
    }

    private static Map<String, String> places(Telemetry telemetry, RunningHealth service, CanaryTraffic traffic) {
        return Map.of(
                "log", telemetry.log(),
                "spans", telemetry.spans(),
                "metrics", Telemetry.metrics(service.registry()),
                "answers", traffic.answers(),
                "URLs at whoop-service", String.join("\n", service.whoop().requests()),
                "paths at Sahha", String.join("\n", service.sahha().control().requests()));
    }

    /** A session first, then nothing, then proofs of every kind, good and bad. */
    private List<Map<String, String>> proofs(RunningHealth service, Account person, Browser member) {
        String bearer = canaries.learned("bearer token", service.issuer().accessTokenFor(Account.OTTO));
        String expired =
                canaries.learned("expired token", service.issuer().mint().expiredTokenFor(person));
        String key = text(
                member.page(
                        "POST",
                        "/api/v1/api-keys",
                        "{\"name\":\"reader\",\"scopes\":[\"days:read\",\"refresh\",\"export\"]}"),
                "/value");
        canaries.learned("API key", key);
        return List.of(
                Map.of(
                        "Cookie",
                        "__Host-vitals=" + member.cookies().get("__Host-vitals") + "; other="
                                + canaries.fresh("foreign cookie"),
                        "Origin",
                        RunningHealth.ORIGIN),
                Map.of(),
                Map.of("Authorization", "Bearer " + bearer),
                Map.of("Authorization", "Bearer " + expired),
                Map.of("Authorization", "Bearer " + key),
                Map.of("Authorization", "Bearer vitals_" + canaries.fresh("mistyped key")),
                Map.of("Authorization", "Basic " + canaries.fresh("password")),
                Map.of("Cookie", "__Host-vitals=" + canaries.fresh("forged session"), "Origin", "http://evil.example"));
    }

    /** Their answers hold canaries, too. */
    private void brokenUpstreams(RunningHealth service, Browser member) {
        String talkative = "{\"error\":\"" + canaries.fresh("error of an upstream") + "\",\"strain\":\""
                + canaries.fresh("strain of an upstream") + "\"";
        for (WhoopServer.Failing fault : List.of(
                new WhoopServer.Failing(500, talkative),
                new WhoopServer.Failing(200, talkative),
                new WhoopServer.Failing(400, talkative + "}"))) {
            service.whoop().failing(fault);
            for (SahhaFault sahha :
                    List.of(new SahhaFault.WrongJson(), new SahhaFault.Status(500), new SahhaFault.Cut())) {
                service.sahha().control().fault(sahha);
                member.page("POST", ME + "/refresh?date=" + date, "");
                member.get(ME + "/links/whoop");
                member.page("POST", ME + "/links/whoop", "");
                member.get("/api/v1/links/whoop/callback?state=" + canaries.fresh("state of a link") + "&code="
                        + canaries.fresh("code of a link"));
                member.get(ME + "/export");
            }
        }
    }

    /** Every write fails, with a message of the database that quotes the row; then every statement; then there is no database. */
    private void brokenRows(RunningHealth service, CanaryTraffic traffic, List<Map<String, String>> proofs)
            throws Exception {
        service.whoop().healthy();
        service.sahha().control().fault(new SahhaFault.None());
        String id = text(
                service.browser()
                        .get("/api/v1/me", "Authorization", proofs.get(4).getOrDefault("Authorization", "")),
                "/member");
        service.database().asOwner(EACH_TABLE.formatted("ADD CONSTRAINT broken CHECK (false) NOT VALID"));
        traffic.everything(proofs.subList(0, 2));
        sendAgain(service, traffic, id);
        service.whoop().days(Map.of(date, WhoopDays.of(date)), id);
        service.database().asOwner(EACH_TABLE.formatted("DROP CONSTRAINT broken"));
        service.database().asOwner("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM health_app");
        traffic.everything(proofs.subList(0, 2));
        terminate(service);
        traffic.withoutDatabase(proofs.getFirst());
    }

    private static final String EACH_TABLE = """
            DO $$
            DECLARE t regclass;
            BEGIN
                FOR t IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
                                                    AND relnamespace = 'public'::regnamespace LOOP
                    EXECUTE format('ALTER TABLE %%s %s', t);
                END LOOP;
            END $$
            """;

    /** A good event whose row the database refuses. */
    private static void sendAgain(RunningHealth service, CanaryTraffic traffic, String member)
            throws IOException, InterruptedException {
        String body = "{\"externalId\":\"" + member + "\",\"type\":\"sleep\",\"score\":0.5137182936}";
        String secret = service.secrets().getOrDefault("SAHHA_WEBHOOK_SECRET", "");
        traffic.keep(HttpRequest.newBuilder(URI.create(service.url() + "/api/v1/webhooks/sahha"))
                .header("X-Signature", RunningHealth.signature(body, secret))
                .header("X-External-Id", member)
                .header("X-Event-Type", "ScoreCreatedIntegrationEvent")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(traffic.statuses().getLast()).isGreaterThanOrEqualTo(500);
    }

    private static void terminate(RunningHealth service) throws SQLException {
        String name = service.database().sandbox().name();
        try (Connection connection = service.database().postgres().superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
        }
    }

    private void plant(Telemetry telemetry, RunningHealth service) {
        String planted = canaries.fresh("planted by us");
        LoggerFactory.getLogger(CanaryScanTest.class).warn("token {}", planted);
        java.util.logging.Logger.getLogger("a.library").warning(canaries.fresh("planted by a library"));
        service.registry().counter("test.planted", "token", planted).increment();
        telemetry.tracer().spanBuilder("planted").start().tag("token", planted).end();
    }

    private static String keyIn(RunningHealth service) {
        return Json.tree(service.keyset().reveal().getBytes(StandardCharsets.UTF_8))
                .at("/key/0/keyData/value")
                .asText();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(HttpResponse<String> answer, String pointer) {
        return json(answer).at(pointer).asText();
    }
}
