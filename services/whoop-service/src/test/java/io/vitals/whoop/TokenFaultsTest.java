package io.vitals.whoop;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** WHOOP's token endpoint misbehaves just when a member's pair has to be refreshed, and while another member connects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** An account of its own for what only connects; the population has no more. */
    private static final int CONNECTED_OFTEN = 12;

    private static final Set<WhoopEndpoint> TOKEN = Set.of(WhoopEndpoint.TOKEN);

    private RunningService service;
    private WhoopControl whoop;
    private int accounts;

    /** How often a pair was lost for good, and WHOOP therefore met a spent token. */
    private long lostAnswers;

    @BeforeAll
    void start() {
        service = RunningService.start();
        whoop = service.whoop().control();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /** WHOOP has surely not changed the pair, or a second try shows that it has not: the link and all work wait. */
    @ParameterizedTest
    @ValueSource(strings = {"429", "500", "503", "redirect", "401", "no such name", "no tls"})
    void anEndpointThatDoesNotActCostsNobodyALink(String kind) {
        int account = ++accounts;
        UUID member = service.connect(account);
        await().atMost(SOON).until(() -> leftOver() == 0);
        URI api = service.whoop().apiBaseUrl();
        URI tokens = service.whoop().tokenUrl();
        switch (kind) {
            case "no such name" ->
                service.restart(api, URI.create("http://whoop.invalid" + tokens.getPath()), DEADLINE);
            case "no tls" -> service.restart(api, URI.create(tokens.toString().replace("http:", "https:")), DEADLINE);
            default -> whoop.failFor(TOKEN, Duration.ofHours(1), UpstreamFaultsTest.fault(kind));
        }
        double refused = refreshes("error");
        pairsExpire();
        whoop.newSleep(account);
        service.post("/internal/v1/sync/" + member, Map.of());

        boolean outage = !Set.of("429", "redirect", "401").contains(kind);
        await().atMost(SOON).until(() -> {
            refreshNow();
            return refreshes("error") >= refused + 3 && (!outage || !closed());
        });
        assertThat(states("reauth_required") + dead()).isZero();
        assertThat(leftOver()).isPositive();

        whoop.clearFaults();
        if (kind.startsWith("no ")) {
            service.restart(api, tokens, DEADLINE);
        }

        await().atMost(SOON).until(() -> {
            if (!closed() || states("refresh_failing") > 0) {
                refreshNow();
            }
            return closed() && leftOver() == 0;
        });
        assertThat(states("reauth_required") + dead()).isZero();
        assertThat(whoop.figures().familyRevocations()).isEqualTo(lostAnswers);
        assertThat(whoop.linked(account)).isTrue();
        assertEveryNightIsThere(member, account);
    }

    /**
     * WHOOP has changed the pair and the new one is lost on its way: nobody can have it any more, as its first refresh token is spent. The
     * member is asked to connect again, and no work is lost until then.
     */
    @ParameterizedTest
    @ValueSource(strings = {"slow", "cut", "wrong json", "wrong type", "empty"})
    void anAnswerThatIsLostOnItsWayAsksTheMemberAndLosesNoWork(String kind) {
        int account = ++accounts;
        UUID member = service.connect(account);
        await().atMost(SOON).until(() -> leftOver() == 0);
        if (kind.equals("slow")) {
            service.restart(
                    service.whoop().apiBaseUrl(), service.whoop().tokenUrl(), UpstreamFaultsTest.SHORT_DEADLINE);
        }
        whoop.failNext(TOKEN, 1, UpstreamFaultsTest.fault(kind));
        expireHere(member);
        whoop.newSleep(account);

        await().atMost(SOON).until(() -> {
            refreshNow();
            return states("reauth_required") == 1;
        });
        lostAnswers++;
        assertThat(service.link(member).path("state").asText()).isEqualTo("reauth_required");
        assertThat(service.audited(member)).contains("link.reauth_required whoop success");
        assertThat(dead()).isZero();

        if (kind.equals("slow")) {
            service.restart(service.whoop().apiBaseUrl(), service.whoop().tokenUrl(), DEADLINE);
        }
        service.connect(member, account);

        await().atMost(SOON).until(() -> leftOver() == 0);
        assertThat(states("reauth_required") + dead()).isZero();
        assertEveryNightIsThere(member, account);
    }

    /** Nothing is linked by halves, and the member may try again at once. */
    @ParameterizedTest
    @ValueSource(strings = {"429", "500", "503", "redirect", "401", "cut", "wrong json", "wrong type", "empty"})
    void aConnectionThatFailsLeavesNothingBehindAndTheNextOneWorks(String kind) {
        UUID member = UUID.randomUUID();
        URI sentBack = service.whoop().approve(service.authorizationUrl(member), CONNECTED_OFTEN);
        whoop.failNext(TOKEN, 1, UpstreamFaultsTest.fault(kind));

        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(502);

        assertThat(service.link(member).path("state").asText()).isEqualTo("none");
        service.connect(member, CONNECTED_OFTEN);
        assertThat(service.link(member).path("state").asText()).isEqualTo("active");
        service.call(OutboundRequest.delete("test", "/internal/v1/links/" + member));
        await().atMost(SOON).until(() -> leftOver() == 0);
    }

    private void pairsExpire() {
        whoop.expireAccessTokens();
        run("UPDATE link SET access_expires_at = now(), refresh_due_at = now() WHERE state <> 'revoked'");
    }

    private void expireHere(UUID member) {
        service.database()
                .execute(
                        Sql.named(
                                "test-expire",
                                "UPDATE link SET access_expires_at = now(), refresh_due_at = now() WHERE member_id = :member"),
                        Params.of("member", member));
    }

    /** What the end of the pauses after a failure would do. */
    private void refreshNow() {
        run("UPDATE link SET refresh_due_at = now() WHERE state IN ('active', 'refresh_failing')");
    }

    private void run(String statement) {
        service.database().execute(Sql.named("test-run", statement), Params.none());
    }

    private double refreshes(String outcome) {
        return service.registry()
                .get("whoop.oauth.token.refresh")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private boolean closed() {
        return service.registry()
                        .get("outbound.circuit.state")
                        .tag("upstream", "whoop-token")
                        .tag("state", "closed")
                        .gauge()
                        .value()
                == 1;
    }

    private long states(String state) {
        return number("SELECT count(*) AS n FROM link WHERE state = '" + state + "'");
    }

    private long dead() {
        return number("SELECT count(*) AS n FROM webhook_inbox WHERE state = 'dead'");
    }

    private long leftOver() {
        return number("""
                SELECT (SELECT count(*) FROM webhook_inbox WHERE state NOT IN ('done', 'ignored'))
                     + (SELECT count(*) FROM sync_cursor s JOIN link l ON l.member_id = s.member_id AND l.state <> 'revoked'
                        WHERE s.complete_to IS NULL OR s.window_from IS NOT NULL OR s.last_error IS NOT NULL) AS n""");
    }

    private long number(String query) {
        return service.database()
                .first(Sql.named("test-number", query), Params.none(), row -> row.longValue("n"))
                .orElseThrow();
    }

    private void assertEveryNightIsThere(UUID member, int account) {
        var night = whoop.people().member(account).sleeps().getFirst();
        await().atMost(SOON)
                .until(() -> service.database()
                        .first(
                                Sql.named(
                                        "test-night",
                                        "SELECT 1 AS n FROM sleep WHERE id = :id AND member_id = :member"),
                                Params.of("id", night.id(), "member", member),
                                row -> row.longValue("n"))
                        .isPresent());
    }
}
