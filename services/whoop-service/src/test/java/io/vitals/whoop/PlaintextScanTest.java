package io.vitals.whoop;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.sandbox.leaks.SecretScanner;
import io.vitals.sandbox.leaks.Telemetry;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.support.DatabaseRemains;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The secrets that a running service works with, all of them looked for in everything that it leaves behind. */
class PlaintextScanTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String PLANTED = Tokens.random(new SecureRandom(), 32);

    private final SecretScanner scanner = new SecretScanner();
    private final Set<String> known = new TreeSet<>();

    @Test
    void noSecretInUseIsLeftReadableAnywhere() throws Exception {
        try (Telemetry telemetry = Telemetry.open();
                RunningService service = RunningService.traced(telemetry.tracer())) {
            DatabaseRemains remains = DatabaseRemains.of(service.sandbox());
            know("client secret", RunningService.CLIENT_SECRET);
            know("key-encryption key", keyIn(service.keyset()));
            UUID kept = use(service, 1);
            UUID ended = use(service, 2);
            mishaps(service, kept);
            await().atMost(LIMIT)
                    .until(() -> service.call(OutboundRequest.delete("test", "/internal/v1/links/" + ended))
                                    .status()
                            == 200);
            assertThat(known).hasSizeGreaterThanOrEqualTo(2 + 2 * 7);

            scanner.know("planted", PLANTED);
            plant(service, telemetry, kept);
            // Found where it was planted; nothing else anywhere.
            assertThat(places(service, remains, telemetry))
                    .allSatisfy((place, found) -> assertThat(found).as(place).containsExactly("planted"));
            assertThat(remains.inServerLog(scanner)).isEmpty();
        }
    }

    private Map<String, Set<String>> places(RunningService service, DatabaseRemains remains, Telemetry telemetry)
            throws Exception {
        Map<String, Set<String>> places = new LinkedHashMap<>();
        places.put("dump", remains.inDump(scanner));
        places.put("table files", remains.inTableFiles(scanner));
        places.put("write-ahead log", remains.inWriteAheadLog(scanner));
        places.put("log", scanner.find(telemetry.log()));
        places.put("metrics", scanner.find(Telemetry.metrics(service.registry())));
        places.put("spans", scanner.find(telemetry.spans()));
        return places;
    }

    /** Connected, and in the middle of the first sync expired and refreshed. */
    private UUID use(RunningService service, int account) throws Exception {
        UUID member = UUID.randomUUID();
        URI authorization = service.authorizationUrl(member);
        know("state " + account, parameter(authorization, "state"));
        know("verifier " + account, open(service, member, "verifier", "oauth_state", "verifier"));
        URI sentBack = service.whoop().approve(authorization, account);
        know("code " + account, parameter(sentBack, "code"));
        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(200);
        knowTokens(service, member, account + " first");
        service.whoop().control().expireAccessTokens();
        assertThat(service.post("/internal/v1/sync/" + member, Map.of()).status())
                .isEqualTo(202);
        await().atMost(LIMIT)
                .until(() -> Rows.count(
                                service.database(),
                                "SELECT generation AS n FROM link WHERE member_id = :member",
                                member)
                        >= 2);
        knowTokens(service, member, account + " second");
        return member;
    }

    /** What makes programs talkative. */
    private static void mishaps(RunningService service, UUID member) throws Exception {
        URI authorization = service.authorizationUrl(UUID.randomUUID());
        URI sentBack = service.whoop().approve(authorization, 3);
        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(400);
        URI webhook = service.webhookUrl();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest forged = HttpRequest.newBuilder(webhook)
                    .header("Content-Type", "application/json")
                    .header("X-WHOOP-Signature", "bm90IGEgc2lnbmF0dXJl")
                    .header("X-WHOOP-Signature-Timestamp", "1")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertThat(client.send(forged, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(401);
        }
        service.whoop().control().failNext(WhoopEndpoint.api(), 4, new WhoopFault.BrokenJson());
        service.whoop().control().failNext(WhoopEndpoint.api(), 2, new WhoopFault.Refuse(500));
        try (Connection connection = TestDatabases.superuser(service.sandbox());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'whoop_app' AND datname = '"
                            + service.sandbox().name() + "'");
        }
        await().atMost(LIMIT)
                .until(() ->
                        service.post("/internal/v1/sync/" + member, Map.of()).status() == 202);
        await().atMost(LIMIT)
                .until(() -> service.whoop().control().orderedFaults().isEmpty());
    }

    private static void plant(RunningService service, Telemetry telemetry, UUID member) throws SQLException {
        try (Connection connection = TestDatabases.superuser(service.sandbox());
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE link SET refresh_token = convert_to('" + PLANTED
                    + "', 'UTF8') WHERE member_id = '" + member + "'");
        }
        LoggerFactory.getLogger(PlaintextScanTest.class).warn("token {}", PLANTED);
        service.registry().counter("test.planted", "token", PLANTED).increment();
        telemetry.tracer().spanBuilder("planted").start().tag("token", PLANTED).end();
    }

    private void knowTokens(RunningService service, UUID member, String which) throws GeneralSecurityException {
        know("access token " + which, open(service, member, "access_token", "link", "access_token"));
        know("refresh token " + which, open(service, member, "refresh_token", "link", "refresh_token"));
    }

    private void know(String name, String secret) {
        scanner.know(name, secret);
        known.add(name);
    }

    private static String open(RunningService service, UUID member, String column, String table, String place)
            throws GeneralSecurityException {
        byte[] sealed = service.database()
                .first(
                        Sql.named(
                                "test-sealed",
                                "SELECT " + column + " AS s FROM " + table + " WHERE member_id = :member"),
                        Params.of("member", member),
                        row -> row.bytes("s"))
                .orElseThrow();
        return Envelope.fromKeyset(service.keyset())
                .openSecret(sealed, Envelope.place(member.toString(), "whoop", place))
                .reveal();
    }

    private static String keyIn(Secret keyset) {
        return Json.tree(keyset.reveal().getBytes(StandardCharsets.UTF_8))
                .path("key")
                .path(0)
                .path("keyData")
                .path("value")
                .asText();
    }

    private static String parameter(URI uri, String name) {
        for (String pair : uri.getRawQuery().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no " + name);
    }
}
