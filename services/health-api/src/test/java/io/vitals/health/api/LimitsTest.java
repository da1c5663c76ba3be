package io.vitals.health.api;

import io.vitals.health.access.LimitSettings;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Limits as a caller meets them. */
class LimitsTest {
    private static final String ME = "/api/v1/me";

    private static LimitSettings settings(int perMinute, int failed, int concurrent, List<String> admins) {
        return new LimitSettings(perMinute, 1000, 10_000, failed, concurrent, List.of("127.0.0.1", "::1"), admins);
    }

    @Test
    void aMembersSessionsAndTokensShareOneLimitAndAKeyHasItsOwn() {
        try (Door door = Door.with(settings(12, 30, 256, List.of()))) {
            Browser browser = door.browser();
            browser.signIn("mira");
            String token = "Bearer " + door.token(Account.MIRA);
            String key = make(door, token);
            HttpResponse<String> first = browser.get(ME);
            assertThat(first.headers().firstValue("RateLimit-Limit")).contains("12");
            assertThat(first.headers().firstValue("RateLimit-Policy")).contains("12;w=60, 1000;w=3600, 10000;w=86400");
            // One was the making of the key.
            assertThat(first.headers().firstValue("RateLimit-Remaining")).contains("10");
            for (int i = 0; i < 10; i++) {
                assertThat(door.browser().get(ME, "Authorization", token).statusCode())
                        .isEqualTo(200);
            }
            HttpResponse<String> refused = browser.get(ME);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("urn:vitals:problem:rate-limited");
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 5);
            assertThat(refused.headers().firstValue("RateLimit-Remaining")).contains("0");
            assertThat(refused.headers().firstValue("RateLimit-Limit")).contains("12");
            assertThat(door.browser().get(ME, "Authorization", token).statusCode())
                    .isEqualTo(429);
            assertThat(door.browser().get(ME, "Authorization", "Bearer " + key).statusCode())
                    .isEqualTo(200);
            assertThat(door.browser()
                            .get(ME, "Authorization", "Bearer " + door.token(Account.JONAS))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void thePageAndItsFilesAreNotCounted() {
        try (Door door = Door.with(settings(5, 5, 256, List.of()))) {
            for (int i = 0; i < 40; i++) {
                assertThat(door.browser().get("/").statusCode()).isEqualTo(200);
                assertThat(door.browser().get("/assets/js/app.js").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoIsNotKnownIsCountedByTheAddressThatTheProxySaw() {
        try (Door door = Door.with(settings(5, 30, 256, List.of()))) {
            List<Integer> one = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                one.add(door.browser()
                        .get("/auth/login", "X-Forwarded-For", "10.9.8." + i + ", 203.0.113.9")
                        .statusCode());
            }
            assertThat(one).containsExactly(303, 303, 303, 303, 303, 429, 429, 429);
            assertThat(door.browser()
                            .get("/auth/login", "X-Forwarded-For", "203.0.113.10")
                            .statusCode())
                    .isEqualTo(303);
            List<Integer> network = IntStream.range(0, 6)
                    .mapToObj(i -> door.browser()
                            .get("/auth/login", "X-Forwarded-For", "2001:db8:0:1::" + i)
                            .statusCode())
                    .toList();
            assertThat(network).containsExactly(303, 303, 303, 303, 303, 429);
        }
    }

    @Test
    void badProofsShutTheDoorForProofsFromThatAddressButNotForSessions() {
        try (Door door = Door.with(settings(1000, 5, 256, List.of()))) {
            Browser member = door.browser();
            member.signIn("mira");
            String from = "203.0.113.9";
            String good = "Bearer " + door.token(Account.MIRA);
            for (int i = 0; i < 5; i++) {
                assertThat(door.browser()
                                .get(ME, "X-Forwarded-For", from, "Authorization", "Bearer nonsense" + i)
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(door.browser()
                            .get(ME, "X-Forwarded-For", from, "Authorization", "Bearer nonsense")
                            .statusCode())
                    .isEqualTo(429);
            assertThat(door.browser()
                            .get(ME, "X-Forwarded-For", from, "Authorization", good)
                            .statusCode())
                    .isEqualTo(429);
            assertThat(member.get(ME, "X-Forwarded-For", from).statusCode()).isEqualTo(200);
            assertThat(door.browser()
                            .get(ME, "X-Forwarded-For", "203.0.113.10", "Authorization", good)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void adminsUseTheirRightsFromTheirAddressesOnly() {
        try (Door door = Door.with(settings(1000, 100, 256, List.of("198.51.100.0/24")))) {
            String admin = "Bearer " + door.token(Account.ADA);
            String keys = "/api/v1/api-keys";
            assertThat(door.browser()
                            .get(keys, "X-Forwarded-For", "198.51.100.7", "Authorization", admin)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(door.browser()
                            .get(keys, "X-Forwarded-For", "203.0.113.9", "Authorization", admin)
                            .statusCode())
                    .isEqualTo(403);
            // What the client adds itself does not help it.
            assertThat(door.browser()
                            .get(keys, "X-Forwarded-For", "198.51.100.7, 203.0.113.9", "Authorization", admin)
                            .statusCode())
                    .isEqualTo(403);
            String member = "Bearer " + door.token(Account.MIRA);
            assertThat(door.browser()
                            .get(keys, "X-Forwarded-For", "203.0.113.9", "Authorization", member)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theAdminViewIsThereForTheirAddressesOnly() {
        try (Door door = Door.with(settings(1000, 100, 256, List.of("198.51.100.0/24")))) {
            for (Account account : List.of(Account.ADA, Account.OTTO)) {
                String token = "Bearer " + door.token(account);
                assertThat(door.browser()
                                .get("/api/v1/admin/audit", "X-Forwarded-For", "198.51.100.7", "Authorization", token)
                                .statusCode())
                        .isEqualTo(200);
                assertThat(door.browser()
                                .get("/api/v1/admin/audit", "X-Forwarded-For", "203.0.113.9", "Authorization", token)
                                .statusCode())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void streamsTakeNoPlaceOfThoseWhoAsk() throws Exception {
        try (Door door = Door.with(settings(1000, 100, 2, List.of()))) {
            List<AutoCloseable> open = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                open.add(door.openStream(Account.MIRA));
            }
            assertThat(door.browser()
                            .get(ME, "Authorization", "Bearer " + door.token(Account.MIRA))
                            .statusCode())
                    .isEqualTo(200);
            for (AutoCloseable stream : open) {
                stream.close();
            }
        }
    }

    private static String make(Door door, String token) {
        return door.browser()
                .send(
                        "POST",
                        "/api/v1/api-keys",
                        "{\"name\":\"k\",\"scopes\":[\"days:read\"]}",
                        "Authorization",
                        token,
                        "Content-Type",
                        "application/json")
                .body()
                .replaceAll(".*\"value\":\"([^\"]+)\".*", "$1");
    }
}
