package io.vitals.health.access;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.issuer.TokenMint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

/** The issuer ends sessions here; nobody else does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackChannelLogoutTest {
    private static final String ME = "/api/v1/me";
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private Door door;
    private TokenMint mint;

    @BeforeAll
    void open() {
        door = Door.open();
        mint = door.issuer().mint();
    }

    @AfterAll
    void close() {
        door.close();
    }

    @BeforeEach
    void reset() {
        door.clock().reset();
    }

    @Test
    void aSubjectEndsAllSessionsOfThePersonAndNobodyElses() {
        Browser one = signedIn("mira");
        Browser two = signedIn("mira");
        Browser other = signedIn("jonas");
        assertThat(tell(mint.logoutTokenFor(Account.MIRA)).statusCode()).isEqualTo(200);
        assertThat(one.get(ME).statusCode()).isEqualTo(401);
        assertThat(two.get(ME).statusCode()).isEqualTo(401);
        assertThat(other.get(ME).statusCode()).isEqualTo(200);
    }

    @Test
    void aSessionIdEndsThatSignInOnly() {
        Browser one = signedIn("mira");
        String sid = door.issuer().lastSession();
        Browser two = signedIn("mira");
        assertThat(tell(mint.logoutTokenFor(Account.MIRA, sid)).statusCode()).isEqualTo(200);
        assertThat(one.get(ME).statusCode()).isEqualTo(401);
        assertThat(two.get(ME).statusCode()).isEqualTo(200);
        assertThat(tell(mint.logoutToken(c -> c.claim("sid", door.issuer().lastSession())))
                        .statusCode())
                .isEqualTo(200);
        assertThat(two.get(ME).statusCode()).isEqualTo(401);
    }

    @Test
    void aSessionIdUnderSomebodyElsesNameEndsNothing() {
        Browser mira = signedIn("mira");
        String sid = door.issuer().lastSession();
        assertThat(tell(mint.logoutTokenFor(Account.JONAS, sid)).statusCode()).isEqualTo(200);
        assertThat(mira.get(ME).statusCode()).isEqualTo(200);
    }

    @Test
    void eachWayInWhichATokenCanBeWrongIsRefused() {
        Browser mira = signedIn("mira");
        Date now = Date.from(Instant.now());
        List<String> wrong = List.of(
                mint.logoutToken(c -> c.subject("mira").issuer("https://issuer.example")),
                mint.logoutToken(c -> c.subject("mira").issuer(null)),
                mint.logoutToken(c -> c.subject("mira").audience("vitals-api")),
                mint.logoutToken(c -> c.subject("mira").audience((String) null)),
                mint.logoutToken(c -> c.subject("mira").issueTime(null)),
                mint.logoutToken(
                        c -> c.subject("mira").issueTime(Date.from(Instant.now().plusSeconds(600)))),
                mint.logoutToken(
                        c -> c.subject("mira").issueTime(Date.from(Instant.now().minusSeconds(600)))),
                mint.logoutToken(c ->
                        c.subject("mira").expirationTime(Date.from(Instant.now().minusSeconds(600)))),
                mint.logoutToken(c -> c.subject("mira").jwtID(null)),
                mint.logoutToken(c -> c.subject("mira").claim("nonce", "n")),
                mint.logoutToken(c -> c.subject("mira").claim("events", null)),
                mint.logoutToken(c -> c.subject("mira").claim("events", Map.of("other", Map.of()))),
                mint.logoutToken(c -> c.subject("mira").claim("events", EVENT)),
                mint.logoutToken(c -> c.subject("mira").claim("events", Map.of(EVENT, "yes"))),
                mint.logoutToken(UnaryOperator.identity()),
                mint.logoutToken(JOSEObjectType.JWT, c -> c.subject("mira")),
                mint.logoutToken(new JOSEObjectType("at+jwt"), c -> c.subject("mira")),
                mint.accessTokenFor(Account.MIRA),
                mint.tokenSignedByOtherKey(Account.MIRA),
                mint.unsignedTokenFor(Account.MIRA),
                new com.nimbusds.jwt.PlainJWT(new JWTClaimsSet.Builder()
                                .issuer(door.issuer().url())
                                .audience("vitals-web")
                                .subject("mira")
                                .issueTime(now)
                                .jwtID("j")
                                .claim("events", Map.of(EVENT, Map.of()))
                                .build())
                        .serialize(),
                "",
                "x.y.z");
        for (String token : wrong) {
            assertThat(tell(token).statusCode()).as(token).isEqualTo(400);
        }
        assertThat(mira.get(ME).statusCode()).isEqualTo(200);
        // The positive control: the same token with nothing changed.
        assertThat(tell(mint.logoutToken(c -> c.subject("mira"))).statusCode()).isEqualTo(200);
        assertThat(mira.get(ME).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenWorksOnce() {
        String token = mint.logoutTokenFor(Account.MIRA);
        assertThat(tell(token).statusCode()).isEqualTo(200);
        Browser mira = signedIn("mira");
        assertThat(tell(token).statusCode()).isEqualTo(400);
        assertThat(mira.get(ME).statusCode()).isEqualTo(200);
        // When its name is forgotten it is too old.
        door.clock().move(Duration.ofMinutes(3));
        door.access().purge();
        assertThat(tell(token).statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsNoSuchFormIsRefused() {
        String token = mint.logoutTokenFor(Account.MIRA);
        String form = "application/x-www-form-urlencoded";
        assertThat(send(form, "logout_token=" + token + "&logout_token=" + token)
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("application/json", "logout_token=" + token).statusCode())
                .isEqualTo(400);
        assertThat(send(form, "token=" + token).statusCode()).isEqualTo(400);
        assertThat(send(form, "logout_token=%zz").statusCode()).isEqualTo(400);
        assertThat(send(form, "logout_token=" + "a".repeat(10_000)).statusCode())
                .isEqualTo(400);
        assertThat(send(form, "logout_token=" + token).statusCode()).isEqualTo(200);
    }

    @Test
    void aSessionIsNamedByItsBrowserAndNothingElseOfTheUserAgentIsKept() {
        String agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        Browser browser = door.browser();
        browser.get(browser.callbackPath("jonas", "/"), "User-Agent", agent);
        var newest = Json.tree(browser.get("/api/v1/me/sessions").body().getBytes(StandardCharsets.UTF_8))
                .at("/sessions/0");
        assertThat(newest.path("browser").asText()).isEqualTo("Firefox on Linux");
        assertThat(door.database()
                        .database()
                        .list(
                                Sql.named("test-sessions", "SELECT CAST(s AS text) AS row FROM session s"),
                                Params.none(),
                                row -> row.string("row")))
                .anyMatch(row -> row.contains("Firefox on Linux"))
                .noneMatch(row -> row.contains("rv:") || row.contains("Gecko"));
        assertThat(Json.tree(signedIn("jonas").get("/api/v1/me/sessions").body().getBytes(StandardCharsets.UTF_8))
                        .at("/sessions/0/browser")
                        .isNull())
                .as("a program says neither")
                .isTrue();
        tell(mint.logoutTokenFor(Account.JONAS));
    }

    @Test
    void aMemberSeesTheirSessionsAndEndsOneFromAnother() {
        tell(mint.logoutTokenFor(Account.JONAS));
        Browser old = signedIn("jonas");
        Browser current = signedIn("jonas");
        var sessions = Json.tree(current.get("/api/v1/me/sessions").body().getBytes(StandardCharsets.UTF_8))
                .path("sessions");
        assertThat(sessions).hasSize(2);
        assertThat(sessions.path(0).path("current").asBoolean()).isTrue();
        assertThat(sessions.path(1).path("current").asBoolean()).isFalse();
        String id = sessions.path(1).path("id").asText();
        Browser mira = signedIn("mira");
        assertThat(mira.page("DELETE", "/api/v1/me/sessions/" + id, "").statusCode())
                .isEqualTo(404);
        assertThat(current.send("DELETE", "/api/v1/me/sessions/" + id, "").statusCode())
                .as("from no page of ours")
                .isEqualTo(403);
        assertThat(old.get(ME).statusCode()).isEqualTo(200);
        assertThat(current.page("DELETE", "/api/v1/me/sessions/" + id, "").statusCode())
                .isEqualTo(204);
        assertThat(old.get(ME).statusCode()).isEqualTo(401);
        assertThat(current.get(ME).statusCode()).isEqualTo(200);
    }

    private Browser signedIn(String account) {
        Browser browser = door.browser();
        browser.signIn(account);
        assertThat(browser.get(ME).statusCode()).isEqualTo(200);
        return browser;
    }

    private HttpResponse<String> tell(String token) {
        return send(
                "application/x-www-form-urlencoded",
                "logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    private HttpResponse<String> send(String type, String body) {
        return door.browser().send("POST", "/auth/backchannel-logout", body, "Content-Type", type);
    }
}
