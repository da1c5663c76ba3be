package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.testing.Door;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The life of an API key, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeysTest {
    private static final String KEYS = "/api/v1/api-keys";
    private static final String DAYS = "/api/v1/users/me/days?from=2026-11-01&to=2026-11-07";
    private static final String READING = "{\"name\":\"watch face\",\"scopes\":[\"days:read\"]}";

    private Door door;

    @BeforeAll
    void open() {
        door = Door.open();
    }

    @AfterAll
    void close() {
        door.close();
    }

    @AfterEach
    void forget() {
        door.clock().reset();
        for (Account account : List.of(Account.MIRA, Account.JONAS)) {
            for (JsonNode key : tree(as(account, "GET", KEYS, "")).path("keys")) {
                as(account, "DELETE", KEYS + "/" + key.path("id").asText(), "");
            }
        }
    }

    @Test
    void aKeyReadsItsMembersDaysAndIsShownOnce() {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
        String value = tree(made).path("value").asText();
        assertThat(value).matches("vitals_[0-9A-Za-z]{49}");
        assertThat(with(value, DAYS).statusCode()).isEqualTo(200);
        assertThat(as(Account.MIRA, "GET", KEYS, "").body())
                .contains("watch face")
                .doesNotContain(value);
        String member =
                tree(as(Account.MIRA, "GET", "/api/v1/me", "")).path("member").asText();
        assertThat(tree(with(value, "/api/v1/me")).path("member").asText()).isEqualTo(member);
    }

    @Test
    void theDatabaseHoldsNoKey() {
        String value = make(Account.MIRA, READING);
        String rows = door
                .database()
                .database()
                .list(
                        Sql.named("dump", "SELECT CAST(k AS text) AS t FROM api_key k"),
                        Params.none(),
                        r -> r.string("t"))
                .stream()
                .collect(Collectors.joining("\n"));
        assertThat(rows).contains("watch face").doesNotContain(value.substring(12, 40));
        String hex = java.util.HexFormat.of().formatHex(value.substring(7).getBytes(StandardCharsets.US_ASCII));
        assertThat(rows).doesNotContain(hex.substring(10, 60));
    }

    @Test
    void aMistypedKeyIsRefusedWithoutAQuestionToTheDatabase() {
        String value = make(Account.MIRA, READING);
        String typo = value.substring(0, 20) + (value.charAt(20) == 'a' ? 'b' : 'a') + value.substring(21);
        long before = door.statements("api-key-find");
        assertThat(with(typo, DAYS).statusCode()).isEqualTo(401);
        assertThat(door.statements("api-key-find")).isEqualTo(before);
        // One that could be real is looked up.
        assertThat(with(value, DAYS).statusCode()).isEqualTo(200);
        assertThat(door.statements("api-key-find")).isEqualTo(before + 1);
    }

    @Test
    void aKeyOpensNothingBeyondItsScopes() {
        String reading = make(Account.MIRA, READING);
        HttpResponse<String> export = with(reading, "/api/v1/users/me/export");
        assertThat(export.statusCode()).isEqualTo(403);
        assertThat(export.body()).contains("urn:vitals:problem:scope-missing", "export");
        String exporting = make(Account.MIRA, "{\"name\":\"backup\",\"scopes\":[\"export\"]}");
        assertThat(with(exporting, "/api/v1/users/me/export").statusCode()).isEqualTo(200);
        assertThat(with(exporting, DAYS).statusCode()).isEqualTo(403);
        assertThat(with(reading, KEYS).statusCode()).isEqualTo(403);
    }

    @Test
    void aRevokedKeyIsRefusedWithinASecond() {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        String value = tree(made).path("value").asText();
        String id = tree(made).path("key").path("id").asText();
        assertThat(with(value, DAYS).statusCode()).isEqualTo(200);
        // As another replica does it: this process is not told.
        door.database()
                .database()
                .execute(
                        Sql.named("other-replica", "DELETE FROM api_key WHERE id = CAST(:id AS uuid)"),
                        Params.of("id", id));
        long start = System.nanoTime();
        while (with(value, DAYS).statusCode() == 200 && System.nanoTime() - start < 2_000_000_000L) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(with(value, DAYS).statusCode()).isEqualTo(401);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
    }

    @Test
    void revokedHereIsRefusedAtOnce() {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        String value = tree(made).path("value").asText();
        String id = tree(made).path("key").path("id").asText();
        assertThat(with(value, DAYS).statusCode()).isEqualTo(200);
        assertThat(as(Account.MIRA, "DELETE", KEYS + "/" + id, "").statusCode()).isEqualTo(204);
        assertThat(with(value, DAYS).statusCode()).isEqualTo(401);
        assertThat(as(Account.MIRA, "DELETE", KEYS + "/" + id, "").statusCode()).isEqualTo(404);
    }

    @Test
    void duringARotationTwoValuesWorkAndNeverThree() {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        String first = tree(made).path("value").asText();
        String id = tree(made).path("key").path("id").asText();
        String second = tree(as(Account.MIRA, "POST", KEYS + "/" + id + "/rotate", ""))
                .path("value")
                .asText();
        assertThat(with(first, DAYS).statusCode()).isEqualTo(200);
        assertThat(with(second, DAYS).statusCode()).isEqualTo(200);
        String third = tree(as(Account.MIRA, "POST", KEYS + "/" + id + "/rotate", ""))
                .path("value")
                .asText();
        assertThat(with(first, DAYS).statusCode()).isEqualTo(401);
        assertThat(with(second, DAYS).statusCode()).isEqualTo(200);
        assertThat(with(third, DAYS).statusCode()).isEqualTo(200);
        door.clock().move(Duration.ofHours(25));
        assertThat(with(second, DAYS).statusCode()).isEqualTo(401);
        assertThat(with(third, DAYS).statusCode()).isEqualTo(200);
    }

    @Test
    void aRotationUnderUseLosesNoCall() throws Exception {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        String first = tree(made).path("value").asText();
        String id = tree(made).path("key").path("id").asText();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<List<Integer>> reader = () -> {
                List<Integer> statuses = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    statuses.add(with(first, DAYS).statusCode());
                }
                return statuses;
            };
            var readers =
                    IntStream.range(0, 4).mapToObj(i -> pool.submit(reader)).toList();
            assertThat(as(Account.MIRA, "POST", KEYS + "/" + id + "/rotate", "").statusCode())
                    .isEqualTo(200);
            for (var statuses : readers) {
                assertThat(statuses.get()).containsOnly(200);
            }
        }
    }

    @Test
    void aKeyEnds() {
        String value = make(Account.MIRA, "{\"name\":\"short\",\"scopes\":[\"days:read\"],\"expires_in_days\":1}");
        assertThat(with(value, DAYS).statusCode()).isEqualTo(200);
        door.clock().move(Duration.ofHours(25));
        assertThat(with(value, DAYS).statusCode()).isEqualTo(401);
    }

    @Test
    void aMemberNeitherSeesNorEndsNorRenewsSomebodyElsesKey() {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        String value = tree(made).path("value").asText();
        String id = tree(made).path("key").path("id").asText();
        assertThat(as(Account.JONAS, "GET", KEYS, "").body()).doesNotContain(id);
        assertThat(as(Account.JONAS, "DELETE", KEYS + "/" + id, "").statusCode())
                .isEqualTo(404);
        assertThat(as(Account.JONAS, "POST", KEYS + "/" + id + "/rotate", "").statusCode())
                .isEqualTo(404);
        assertThat(with(value, DAYS).statusCode()).isEqualTo(200);
    }

    @Test
    void anAdminSeesAndEndsEverybodysKeysButGetsNoValue() {
        HttpResponse<String> made = as(Account.MIRA, "POST", KEYS, READING);
        String value = tree(made).path("value").asText();
        String id = tree(made).path("key").path("id").asText();
        assertThat(as(Account.ADA, "GET", KEYS, "").body()).contains(id).doesNotContain(value);
        assertThat(as(Account.ADA, "POST", KEYS, READING).statusCode()).isEqualTo(403);
        assertThat(as(Account.ADA, "POST", KEYS + "/" + id + "/rotate", "").statusCode())
                .isEqualTo(403);
        assertThat(as(Account.ADA, "DELETE", KEYS + "/" + id, "").statusCode()).isEqualTo(204);
        assertThat(with(value, DAYS).statusCode()).isEqualTo(401);
    }

    @Test
    void theLastUseIsKnownToTheHourAndWrittenOnce() {
        String value = make(Account.MIRA, READING);
        long before = door.statements("api-key-used");
        for (int i = 0; i < 5; i++) {
            with(value, DAYS);
        }
        assertThat(door.statements("api-key-used")).isEqualTo(before + 1);
        JsonNode key = tree(as(Account.MIRA, "GET", KEYS, "")).path("keys").path(0);
        assertThat(key.path("last_used_at").isTextual()).isTrue();
    }

    @Test
    void atMostTenKeysAreLiveEvenWhenMadeAtOnce() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> attempt =
                    () -> as(Account.JONAS, "POST", KEYS, READING).statusCode();
            List<Integer> statuses = pool
                    .invokeAll(IntStream.range(0, 16).mapToObj(i -> attempt).toList())
                    .stream()
                    .map(future -> future.resultNow())
                    .toList();
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(10);
            assertThat(statuses).filteredOn(status -> status == 409).hasSize(6);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"scopes\":[\"days:read\"]}|name",
                "{\"name\":\" \",\"scopes\":[\"days:read\"]}|name",
                "{\"name\":\"a\\u0000b\",\"scopes\":[\"days:read\"]}|name",
                "{\"name\":\"a\"}|scopes",
                "{\"name\":\"a\",\"scopes\":[]}|scopes",
                "{\"name\":\"a\",\"scopes\":[\"admin\"]}|scopes",
                "{\"name\":\"a\",\"scopes\":[\"days:read\"],\"expires_in_days\":0}|expires_in_days",
                "{\"name\":\"a\",\"scopes\":[\"days:read\"],\"expires_in_days\":366}|expires_in_days"
            })
    void whatIsWrongIsNamed(String bodyAndField) {
        String[] parts = bodyAndField.split("\\|", -1);
        HttpResponse<String> answer = as(Account.MIRA, "POST", KEYS, parts[0]);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(tree(answer).path("field").asText()).isEqualTo(parts[1]);
    }

    private String make(Account account, String body) {
        HttpResponse<String> made = as(account, "POST", KEYS, body);
        assertThat(made.statusCode()).isEqualTo(201);
        return tree(made).path("value").asText();
    }

    private HttpResponse<String> with(String key, String path) {
        return door.browser().get(path, "Authorization", "Bearer " + key);
    }

    private HttpResponse<String> as(Account account, String method, String path, String body) {
        return door.browser()
                .send(
                        method,
                        path,
                        body,
                        "Authorization",
                        "Bearer " + door.token(account),
                        "Content-Type",
                        "application/json");
    }

    private static JsonNode tree(HttpResponse<String> response) {
        return Json.tree(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
