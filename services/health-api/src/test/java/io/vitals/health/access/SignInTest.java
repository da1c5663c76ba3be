package io.vitals.health.access;

import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInTest {
    private static final String ME = "/api/v1/me";
    private Door door;

    @BeforeAll
    void open() {
        door = Door.open();
    }

    @AfterAll
    void close() {
        door.close();
    }

    @BeforeEach
    void reset() {
        door.clock().reset();
        door.whoop().reset();
    }

    @Test
    void the_request_to_the_issuer_carries_everything_that_protects_it() {
        Browser browser = door.browser();
        HttpResponse<String> start = browser.get("/auth/login?to=/");
        assertThat(start.statusCode()).isEqualTo(303);
        Map<String, String> sent = Browser.parameters(Browser.location(start));
        assertThat(sent).containsEntry("response_type", "code").containsEntry("code_challenge_method", "S256");
        assertThat(sent.get("state")).hasSize(43);
        assertThat(sent.get("nonce")).hasSize(43);
        assertThat(sent.get("code_challenge")).hasSize(43);
        assertThat(sent.get("scope")).contains("openid", "offline_access");
        assertThat(browser.setCookies().getFirst())
                .startsWith("__Host-vitals-login=")
                .contains("Path=/")
                .contains("HttpOnly")
                .contains("Secure")
                .contains("SameSite=Lax")
                .doesNotContain("Domain");
    }

    @Test
    void signing_in_gives_a_session_and_the_way_back() {
        Browser browser = door.browser();
        HttpResponse<String> back = browser.get(browser.callbackPath("mira", "/days"));
        assertThat(back.statusCode()).isEqualTo(303);
        assertThat(Browser.location(back)).isEqualTo("/days");
        assertThat(browser.cookies()).containsOnlyKeys("__Host-vitals");
        assertThat(browser.setCookies().getLast())
                .contains("Path=/", "HttpOnly", "Secure", "SameSite=Lax")
                .doesNotContain("Domain");
        HttpResponse<String> me = browser.get(ME);
        assertThat(me.statusCode()).isEqualTo(200);
        assertThat(me.body()).contains("\"name\":\"Mira\"", "\"roles\":[\"member\"]", "\"granted\":false");
    }

    @Test
    void the_same_person_is_the_same_member_by_session_and_by_token() {
        Browser browser = door.browser();
        browser.signIn("mira");
        String bySession = browser.get(ME).body();
        String byToken = door.browser()
                .get(ME, "Authorization", "Bearer " + door.token(Account.MIRA))
                .body();
        assertThat(byToken).isEqualTo(bySession);
    }

    @Test
    void nothing_that_opens_a_session_is_stored_in_the_clear() {
        Browser browser = door.browser();
        browser.signIn("mira");
        String cookie = browser.cookies().get("__Host-vitals");
        List<String> rows = door.database()
                .database()
                .list(
                        Sql.named("dump", "SELECT CAST(s AS text) AS t FROM session s"),
                        Params.none(),
                        r -> r.string("t"));
        assertThat(rows).isNotEmpty().noneMatch(row -> row.contains(cookie) || row.contains("eyJ"));
        // "eyJ", the first bytes of every JWT, as PostgreSQL prints bytes.
        assertThat(rows).noneMatch(row -> row.contains("65794a"));
    }

    @Test
    void without_session_or_token_there_is_nothing() {
        HttpResponse<String> answer = door.browser().get(ME);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("urn:vitals:problem:unauthorized");
        assertThat(door.browser()
                        .get(ME, "Cookie", "__Host-vitals=" + "A".repeat(43))
                        .statusCode())
                .isEqualTo(401);
        assertThat(door.browser().get(ME, "Cookie", "__Host-vitals=' OR 1=1 --").statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_callback_cannot_be_replayed() {
        Browser browser = door.browser();
        String callback = browser.callbackPath("mira", "/");
        String loginCookie = browser.cookies().get("__Host-vitals-login");
        assertThat(browser.get(callback).statusCode()).isEqualTo(303);
        HttpResponse<String> again = browser.get(callback, "Cookie", "__Host-vitals-login=" + loginCookie);
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("login-invalid");
    }

    @Test
    void a_callback_of_another_browser_is_refused_and_does_not_spoil_the_right_one() {
        Browser victim = door.browser();
        Browser attacker = door.browser();
        String attackersCallback = attacker.callbackPath("jonas", "/");
        victim.get("/auth/login?to=/");
        assertThat(victim.get(attackersCallback).statusCode()).isEqualTo(400);
        assertThat(victim.cookies()).doesNotContainKey("__Host-vitals");
        assertThat(door.browser().get(attackersCallback).statusCode()).isEqualTo(400);
        assertThat(attacker.get(attackersCallback).statusCode()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/callback",
                "/auth/callback?code=x",
                "/auth/callback?state=&code=x",
                "/auth/callback?state=guess&code=x",
                "/auth/callback?state=a&state=b&code=x",
                "/auth/callback?error=access_denied"
            })
    void a_callback_without_its_state_is_refused(String callback) {
        Browser browser = door.browser();
        browser.get("/auth/login?to=/");
        assertThat(browser.get(callback).statusCode()).isEqualTo(400);
        assertThat(browser.cookies()).doesNotContainKey("__Host-vitals");
    }

    @Test
    void an_answer_of_another_issuer_or_of_none_is_refused() {
        for (String wrong : List.of("http%3A%2F%2Fevil.test", "")) {
            Browser browser = door.browser();
            String callback = browser.callbackPath("mira", "/").replaceAll("iss=[^&]*", "iss=" + wrong);
            assertThat(browser.get(callback).statusCode()).isEqualTo(400);
        }
        Browser browser = door.browser();
        String without = browser.callbackPath("mira", "/").replaceAll("&?iss=[^&]*", "");
        assertThat(browser.get(without).statusCode()).isEqualTo(400);
    }

    @Test
    void a_code_of_another_sign_in_is_refused() {
        Browser one = door.browser();
        Browser two = door.browser();
        String code = Browser.parameters(one.callbackPath("jonas", "/")).get("code");
        String swapped = two.callbackPath("mira", "/").replaceAll("code=[^&]*", "code=" + code);
        assertThat(two.get(swapped).statusCode()).isEqualTo(400);
        assertThat(two.cookies()).doesNotContainKey("__Host-vitals");
    }

    @Test
    void an_old_attempt_is_over() {
        Browser browser = door.browser();
        String callback = browser.callbackPath("mira", "/");
        door.clock().move(Duration.ofMinutes(11));
        assertThat(browser.get(callback).statusCode()).isEqualTo(400);
    }

    @Test
    void of_many_callbacks_at_once_one_signs_in() throws Exception {
        Browser browser = door.browser();
        String callback = browser.callbackPath("mira", "/");
        String cookie = "__Host-vitals-login=" + browser.cookies().get("__Host-vitals-login");
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> attempt =
                    () -> door.browser().get(callback, "Cookie", cookie).statusCode();
            List<Integer> statuses = pool
                    .invokeAll(IntStream.range(0, 20).mapToObj(i -> attempt).toList())
                    .stream()
                    .map(future -> future.resultNow())
                    .toList();
            assertThat(statuses).filteredOn(status -> status == 303).hasSize(1);
            assertThat(statuses).filteredOn(status -> status == 400).hasSize(19);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.test",
                "/\\evil.test",
                "%2F%2Fevil.test",
                "/%5Cevil.test",
                "%252F%252Fevil.test",
                "/%09/evil.test",
                "https://evil.test",
                "/%0d%0aLocation:%20http://evil.test",
                "javascript:alert(1)"
            })
    void nobody_is_sent_to_another_site_after_signing_in(String target) {
        HttpResponse<String> answer = door.browser().get("/auth/login?to=" + target.replace("\\", "%5C"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void a_person_without_a_way_on_is_brought_back_to_the_page() {
        HttpResponse<String> answer = door.browser().get("/auth/callback?state=x", "Accept", "text/html,*/*");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(Browser.location(answer)).isEqualTo("/?signin=failed");
    }

    @Test
    void signing_out_ends_the_session_for_good() {
        Browser browser = door.browser();
        browser.signIn("mira");
        String cookie = browser.cookies().get("__Host-vitals");
        HttpResponse<String> out = browser.page("POST", "/auth/logout", "");
        assertThat(out.statusCode()).isEqualTo(303);
        assertThat(Browser.location(out)).isEqualTo("/");
        assertThat(browser.cookies()).doesNotContainKey("__Host-vitals");
        assertThat(door.browser().get(ME, "Cookie", "__Host-vitals=" + cookie).statusCode())
                .isEqualTo(401);
    }

    @Test
    void another_site_can_neither_sign_out_nor_change_anything() {
        Browser browser = door.browser();
        browser.signIn("mira");
        for (String origin :
                List.of("http://evil.test", "null", "http://localhost:18080.evil.test", "https://localhost:18080")) {
            HttpResponse<String> out = browser.send("POST", "/auth/logout", "", "Origin", origin);
            assertThat(out.statusCode()).as(origin).isEqualTo(403);
            assertThat(out.body()).contains("urn:vitals:problem:cross-site");
            HttpResponse<String> put = browser.send(
                    "PUT",
                    "/api/v1/users/me/consents",
                    "{\"health_data\":true}",
                    "Origin",
                    origin,
                    "Content-Type",
                    "application/json");
            assertThat(put.statusCode()).as(origin).isEqualTo(403);
        }
        assertThat(browser.send("POST", "/auth/logout", "").statusCode()).isEqualTo(403);
        assertThat(browser.get(ME).statusCode()).isEqualTo(200);
    }

    @Test
    void a_session_that_is_not_used_ends() {
        Browser browser = door.browser();
        browser.signIn("mira");
        door.clock().move(Duration.ofMinutes(10));
        assertThat(browser.get(ME).statusCode()).isEqualTo(200);
        door.clock().move(Door.IDLE.plusMinutes(1));
        assertThat(browser.get(ME).statusCode()).isEqualTo(401);
    }

    @Test
    void signing_in_again_ends_the_session_before() {
        Browser browser = door.browser();
        browser.signIn("mira");
        String before = browser.cookies().get("__Host-vitals");
        browser.signIn("jonas");
        assertThat(browser.cookies().get("__Host-vitals")).isNotEqualTo(before);
        assertThat(door.browser().get(ME, "Cookie", "__Host-vitals=" + before).statusCode())
                .isEqualTo(401);
    }
}
