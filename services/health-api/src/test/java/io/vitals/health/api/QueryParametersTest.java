package io.vitals.health.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.access.Role;
import io.vitals.health.access.Rule;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.health.testing.Visitors;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A query parameter that a route does not know is refused by its name, on every route with known callers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryParametersTest {
    private static final String DAYS = "/api/v1/users/me/days";

    private Door door;
    private Browser member;
    private Visitors visitors;

    @BeforeAll
    void open() {
        door = Door.open();
        visitors = new Visitors(door);
        member = door.browser();
        member.signIn("mira");
    }

    @AfterAll
    void close() {
        door.close();
    }

    static Stream<Rule> strict() {
        return Policy.TABLE.stream()
                .filter(rule -> !rule.entry().open() && !QueryParameters.ANY.contains(rule.route()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strict")
    void every_route_refuses_what_it_does_not_know(Rule rule) {
        Account caller = rule.roles().contains(Role.MEMBER)
                ? Account.MIRA
                : rule.roles().contains(Role.AUDITOR) ? Account.OTTO : Account.ADA;
        Visitors.Answer answer =
                visitors.call(rule.method(), path(rule) + "?frm=1", body(rule), visitors.session(caller));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(field(answer.body())).isEqualTo("frm");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strict")
    void strangers_are_not_told(Rule rule) {
        assertThat(visitors.call(rule.method(), path(rule) + "?frm=1", body(rule), visitors.nothing())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void another_members_route_is_as_absent_as_before() {
        String jonas = visitors.memberOf(Account.JONAS);
        assertThat(member.get("/api/v1/users/" + jonas + "/days?frm=1").statusCode())
                .isEqualTo(404);
    }

    @Test
    void known_parameters_pass_once() {
        assertThat(member.get(DAYS + "?from=2026-11-01&to=2026-11-20&limit=3").statusCode())
                .isEqualTo(200);
        HttpResponse<String> twice = member.get(DAYS + "?limit=3&limit=3");
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(field(twice.body())).isEqualTo("limit");
    }

    /** The name of one that is not known may hold anything; only what looks like a name is said again. */
    @ParameterizedTest
    @CsvSource({"eyJhbGciOiJSUzI1NiJ9.canary.canary", "a%0Ab", "%3Cscript%3E", "abcdefghijklmnopqrstu", "abcdefg1"})
    void an_odd_name_is_not_repeated(String name) {
        HttpResponse<String> answer = member.get(DAYS + "?" + name + "=1");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(field(answer.body())).isEqualTo("query");
        assertThat(answer.body()).doesNotContain("canary", "script", "abcdefg");
    }

    @Test
    void who_comes_back_from_a_provider_may_bring_more() {
        assertThat(member.get("/api/v1/links/whoop/callback?error=access_denied&error_hint=x&iss=y")
                        .statusCode())
                .isEqualTo(303);
        String back = door.browser().callbackPath("mira", "/");
        assertThat(back).contains("code=");
        Browser another = door.browser();
        String path = another.callbackPath("mira", "/");
        assertThat(Browser.location(another.get(path + "&session_state=1"))).isEqualTo("/");
    }

    private static String path(Rule rule) {
        return rule.pattern()
                .replace("{user}", "me")
                .replace("{date}", Visitors.DATE)
                .replace("{member}", "00000000-0000-4000-8000-000000000000")
                .replace("{id}", "00000000-0000-4000-8000-000000000000");
    }

    private static String body(Rule rule) {
        return Set.of("POST", "PUT").contains(rule.method()) ? "{}" : "";
    }

    private static String field(String body) {
        JsonNode problem = Json.tree(body.getBytes(StandardCharsets.UTF_8));
        return problem.path("field").asText();
    }
}
