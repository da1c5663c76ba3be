package io.vitals.health.api;

import io.vitals.health.access.Rule;
import io.vitals.health.testing.Door;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every protected route of the policy table with every kind of caller who must not pass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardTest {
    private Door door;

    @BeforeAll
    void open() {
        door = Door.open();
    }

    @AfterAll
    void close() {
        door.close();
    }

    @Test
    void no_protected_route_takes_a_bad_token() {
        List<String> bad = List.of(
                door.issuer().mint().expiredTokenFor(Account.MIRA),
                door.issuer().mint().earlyTokenFor(Account.MIRA),
                door.issuer().mint().tokenForOtherAudience(Account.MIRA),
                door.issuer().mint().tokenOfOtherIssuer(Account.MIRA),
                door.issuer().mint().tokenSignedByOtherKey(Account.MIRA),
                door.issuer().mint().unsignedTokenFor(Account.MIRA));
        guarded().forEach(rule -> {
            assertThat(send(rule, "me").statusCode()).as(rule.route()).isEqualTo(401);
            for (String token : bad) {
                assertThat(send(rule, "me", "Authorization", "Bearer " + token).statusCode())
                        .as(rule.route())
                        .isEqualTo(401);
            }
            String good = door.token(Account.MIRA);
            assertThat(send(rule, "me", "Authorization", "Basic " + good).statusCode())
                    .as(rule.route())
                    .isEqualTo(401);
        });
    }

    @Test
    void a_member_sees_another_members_resource_as_absent() {
        String jonas = member(Account.JONAS);
        String token = "Bearer " + door.token(Account.MIRA);
        String absent = UUID.randomUUID().toString();
        guarded()
                .filter(rule -> rule.ownership() == Rule.Ownership.OWNER && rule.entry() != Rule.Entry.SESSION)
                .forEach(rule -> {
                    HttpResponse<String> others = send(rule, jonas, "Authorization", token, "X-Request-Id", "same");
                    HttpResponse<String> nobodys = send(rule, absent, "Authorization", token, "X-Request-Id", "same");
                    assertThat(others.statusCode()).as(rule.route()).isEqualTo(404);
                    assertThat(others.body()).as(rule.route()).isEqualTo(nobodys.body());
                    assertThat(send(rule, "not-an-id", "Authorization", token, "X-Request-Id", "same")
                                    .body())
                            .isEqualTo(others.body());
                });
    }

    @Test
    void a_role_that_the_policy_does_not_name_is_refused() {
        for (Account account : List.of(Account.ADA, Account.OTTO)) {
            String token = "Bearer " + door.token(account);
            guarded()
                    .filter(rule -> rule.ownership() == Rule.Ownership.OWNER && rule.entry() != Rule.Entry.SESSION)
                    .forEach(rule -> assertThat(
                                    send(rule, "me", "Authorization", token).statusCode())
                            .as(rule.route())
                            .isEqualTo(403));
            assertThat(door.browser().get("/api/v1/me", "Authorization", token).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_token_is_taken_from_nowhere_but_the_header() {
        String token = door.token(Account.MIRA);
        assertThat(door.browser().get("/api/v1/me?access_token=" + token).statusCode())
                .isEqualTo(401);
        assertThat(door.browser().get("/api/v1/me?accessToken=" + token).statusCode())
                .isEqualTo(401);
        assertThat(door.browser()
                        .get("/api/v1/me", "Cookie", "JSESSIONID=" + token)
                        .statusCode())
                .isEqualTo(401);
    }

    private static Stream<Rule> guarded() {
        return Policy.TABLE.stream().filter(rule -> !rule.entry().open());
    }

    private String member(Account account) {
        String body = door.browser()
                .get("/api/v1/me", "Authorization", "Bearer " + door.token(account))
                .body();
        return body.replaceAll(".*\"member\":\"([^\"]+)\".*", "$1");
    }

    private HttpResponse<String> send(Rule rule, String user, String... headers) {
        String path = rule.pattern()
                .replace("{user}", user)
                .replace("{member}", "00000000-0000-4000-8000-000000000000")
                .replace("{date}", "2026-11-22")
                .replace("{id}", "00000000-0000-4000-8000-000000000000");
        return door.browser().send(rule.method(), path, "", headers);
    }
}
