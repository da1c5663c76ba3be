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
    private static final Duration SOON = FaultScene.SOON;

    /** An account of its own for what only connects; each other test takes the next one. */
    private static final int CONNECTED_OFTEN = RunningService.PEOPLE;

    private static final Set<WhoopEndpoint> TOKEN = Set.of(WhoopEndpoint.TOKEN);

    private FaultScene scene;
    private RunningService service;
    private WhoopControl whoop;
    private int accounts;

    /** How often a pair was lost for good, and WHOOP therefore met a spent token. */
    private long lostAnswers;

    @BeforeAll
    void start() {
        scene = new FaultScene();
        service = scene.service();
        whoop = scene.whoop();
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    /** WHOOP has surely not changed the pair, or a second try shows that it has not: the link and all work wait. */
    @ParameterizedTest
    @ValueSource(strings = {"429", "500", "503", "redirect", "401", "no such name", "no tls"})
    void anEndpointThatDoesNotActCostsNobodyALink(String kind) {
        int account = ++accounts;
        UUID member = service.connect(account);
        await().atMost(SOON).until(() -> scene.leftOver() == 0);
        URI api = service.whoop().apiBaseUrl();
        URI tokens = service.whoop().tokenUrl();
        switch (kind) {
            case "no such name" ->
                service.restart(api, URI.create("http://whoop.invalid" + tokens.getPath()), FaultScene.DEADLINE);
            case "no tls" ->
                service.restart(api, URI.create(tokens.toString().replace("http:", "https:")), FaultScene.DEADLINE);
            default -> whoop.failFor(TOKEN, Duration.ofHours(1), FaultScene.fault(kind));
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
        assertThat(states("reauth_required") + scene.dead()).isZero();
        assertThat(scene.leftOver()).isPositive();

        whoop.clearFaults();
        if (kind.startsWith("no ")) {
            service.restart(api, tokens, FaultScene.DEADLINE);
        }

        await().atMost(SOON).until(() -> {
            if (!closed() || states("refresh_failing") > 0) {
                refreshNow();
            }
            return closed() && scene.leftOver() == 0;
        });
        assertThat(states("reauth_required") + scene.dead()).isZero();
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
        await().atMost(SOON).until(() -> scene.leftOver() == 0);
        if (kind.equals("slow")) {
            scene.restart(FaultScene.SHORT_DEADLINE);
        }
        whoop.failNext(TOKEN, 1, FaultScene.fault(kind));
        expireHere(member);
        whoop.newSleep(account);

        await().atMost(SOON).until(() -> {
            refreshNow(member);
            return states("reauth_required") == 1;
        });
        lostAnswers++;
        assertThat(service.link(member).path("state").asText()).isEqualTo("reauth_required");
        assertThat(service.audited(member)).contains("link.reauth_required whoop success");
        assertThat(scene.dead()).isZero();

        if (kind.equals("slow")) {
            scene.restart(FaultScene.DEADLINE);
        }
        service.connect(member, account);

        await().atMost(SOON).until(() -> scene.leftOver() == 0);
        assertThat(states("reauth_required") + scene.dead()).isZero();
        assertEveryNightIsThere(member, account);
    }

    /** Nothing is linked by halves, and the member may try again at once. */
    @ParameterizedTest
    @ValueSource(strings = {"429", "500", "503", "redirect", "401", "cut", "wrong json", "wrong type", "empty"})
    void aConnectionThatFailsLeavesNothingBehindAndTheNextOneWorks(String kind) {
        UUID member = UUID.randomUUID();
        URI sentBack = service.whoop().approve(service.authorizationUrl(member), CONNECTED_OFTEN);
        whoop.failNext(TOKEN, 1, FaultScene.fault(kind));

        assertThat(service.callback(member, sentBack, RunningService.BINDING).status())
                .isEqualTo(502);

        assertThat(service.link(member).path("state").asText()).isEqualTo("none");
        service.connect(member, CONNECTED_OFTEN);
        assertThat(service.link(member).path("state").asText()).isEqualTo("active");
        service.call(OutboundRequest.delete("test", "/internal/v1/links/" + member));
        await().atMost(SOON).until(() -> scene.leftOver() == 0);
    }

    private void pairsExpire() {
        whoop.expireAccessTokens();
        scene.run("UPDATE link SET access_expires_at = now(), refresh_due_at = now() WHERE state <> 'revoked'");
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
        scene.run("UPDATE link SET refresh_due_at = now() WHERE state IN ('active', 'refresh_failing')");
    }

    /** The same for one member, so that what is meant for this refresh does not befall another. */
    private void refreshNow(UUID member) {
        service.database()
                .execute(
                        Sql.named(
                                "test-refresh-now",
                                "UPDATE link SET refresh_due_at = now() WHERE member_id = :member AND state IN ('active', 'refresh_failing')"),
                        Params.of("member", member));
    }

    private double refreshes(String outcome) {
        return service.registry()
                .get("whoop.oauth.token.refresh")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private boolean closed() {
        return scene.circuit("whoop-token", "closed");
    }

    private long states(String state) {
        return scene.number("SELECT count(*) AS n FROM link WHERE state = '" + state + "'");
    }

    private void assertEveryNightIsThere(UUID member, int account) {
        await().atMost(SOON).until(() -> scene.hasNewestNight(member, account));
    }
}
