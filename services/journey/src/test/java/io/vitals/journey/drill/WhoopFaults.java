package io.vitals.journey.drill;

import io.vitals.journey.process.MemberSession;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.whoop.WebhookSettings;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import static io.vitals.journey.drill.Expected.page;
import static io.vitals.journey.drill.Expected.security;
import static io.vitals.journey.drill.Expected.ticket;
import static org.awaitility.Awaitility.await;

/** What can happen at WHOOP, or between it and us. */
final class WhoopFaults {
    private static final String WHOOP = "whoop-service";
    /** Longer than any of them lasts. */
    private static final Duration ALL_THE_TIME = Duration.ofMinutes(10);

    private static final int CALLS_A_MINUTE = 40;

    private WhoopFaults() {}

    static List<List<Fault>> rounds() {
        return List.of(
                List.of(forgedWebhooks(), littleQuota()),
                List.of(otherShape()),
                List.of(tokenEndpointDown()),
                List.of(revoked(), ServiceFaults.auditLost()));
    }

    /** What does not need many members. */
    static List<List<Fault>> outages() {
        return List.of(List.of(down()), List.of(nonsense()));
    }

    private static Fault forgedWebhooks() {
        return new Fault(
                "WHOOP's webhooks are forged",
                List.of(security("WebhookSignatureFailures", WHOOP)),
                // They are refused as strangers are.
                Set.of("AuthFailureSurge"),
                scene -> {
                    scene.whoop().webhooks(new WebhookSettings(0, false, false, true));
                    AutoCloseable events = scene.often(3, () -> scene.sleep(UUID.randomUUID()));
                    return () -> {
                        events.close();
                        scene.whoop().webhooks(WebhookSettings.HONEST);
                    };
                });
    }

    private static Fault littleQuota() {
        return new Fault(
                "WHOOP grants us hardly more than we use",
                List.of(ticket("WhoopRateLimitNear", WHOOP)),
                // What comes has to wait.
                Set.of("SyncLagHigh", "WebhookOldestPending", "WhoopMembersOverCapacity"),
                scene -> {
                    scene.whoop().quota(CALLS_A_MINUTE, Scene.CALLS);
                    List<Sleep> sleeps = scene.whoop()
                            .people()
                            .member(scene.person())
                            .sleeps()
                            .reversed();
                    var next = new AtomicInteger();
                    AutoCloseable events = scene.often(
                            2,
                            () -> scene.sleep(
                                    sleeps.get(next.getAndIncrement() % 20).id()));
                    return () -> {
                        events.close();
                        scene.whoop().quota(Scene.CALLS, 10 * Scene.CALLS);
                    };
                });
    }

    private static Fault otherShape() {
        return new Fault(
                "WHOOP's sleeps have another shape",
                List.of(ticket("WebhookDeadLetters", WHOOP), ticket("RecordsUnreadable", WHOOP)),
                // How late members are is measured each half a minute, so what was before may still be told.
                Set.of("SyncFailing", "SyncLagHigh"),
                scene -> {
                    scene.whoop().failFor(Set.of(WhoopEndpoint.SLEEP), ALL_THE_TIME, new WhoopFault.WrongShape());
                    for (Sleep sleep : scene.whoop().people().member(scene.person()).sleeps().reversed().stream()
                            .limit(8)
                            .toList()) {
                        scene.sleep(sleep.id());
                    }
                    return () -> {
                        scene.whoop().clearFaults();
                        // As the alert's page says: what was given up is put back.
                        scene.replay();
                    };
                });
    }

    private static Fault tokenEndpointDown() {
        return new Fault(
                "WHOOP gives no tokens",
                List.of(
                        page("TokenRefreshFailing", WHOOP),
                        page("WebhookOldestPending", WHOOP),
                        ticket("OAuthCallbackFailing", WHOOP)),
                // With tokens that are over no call succeeds either.
                Set.of(
                        "LogErrorSpike",
                        "SyncFailing",
                        "SyncLagHigh",
                        "SyncStalled",
                        "TokensExpiredBacklog",
                        "WhoopApiDown"),
                scene -> {
                    WhoopControl whoop = scene.whoop();
                    whoop.failFor(Set.of(WhoopEndpoint.TOKEN), ALL_THE_TIME, new WhoopFault.Refuse(503));
                    whoop.expireAccessTokens();
                    scene.sleep(whoop.people()
                            .member(scene.person())
                            .sleeps()
                            .getLast()
                            .id());
                    AutoCloseable visitor = scene.often(1, () -> scene.visitor().connect(scene.visitorsPerson()));
                    return () -> {
                        visitor.close();
                        whoop.clearFaults();
                        // Somebody comes again, after the rest that WHOOP is given.
                        await().atMost(Scene.PATIENCE).until(() -> {
                            scene.visitor().connect(scene.visitorsPerson());
                            return scene.visitor().link().path("state").asText().equals("active");
                        });
                    };
                });
    }

    private static Fault down() {
        return new Fault(
                "WHOOP's API is down",
                List.of(page("WhoopApiDown", WHOOP)),
                Set.of("SyncFailing", "SyncLagHigh", "WhoopApiErrorRatio", "WhoopCircuitOpen"),
                scene -> {
                    scene.whoop().failFor(WhoopEndpoint.api(), ALL_THE_TIME, new WhoopFault.Refuse(503));
                    return scene.whoop()::clearFaults;
                });
    }

    private static Fault nonsense() {
        return new Fault(
                "WHOOP answers nonsense",
                List.of(page("SyncStalled", WHOOP)),
                Set.of("LogErrorSpike", "RecordsUnreadable", "SyncFailing", "SyncLagHigh"),
                scene -> {
                    scene.whoop().failFor(WhoopEndpoint.api(), ALL_THE_TIME, new WhoopFault.BrokenJson());
                    return () -> {
                        scene.whoop().clearFaults();
                        // What failed often is left alone for long, unless there is news of the member.
                        scene.sleeps();
                    };
                });
    }

    private static Fault revoked() {
        return new Fault(
                "many members take their consent back at WHOOP",
                List.of(security("TokenRevocationSurge", WHOOP)),
                Set.of(),
                scene -> {
                    for (int i = 0; i < scene.members().size(); i++) {
                        scene.whoop().revoke(scene.person() + i);
                    }
                    return () -> {
                        for (int i = 0; i < scene.members().size(); i++) {
                            MemberSession member = scene.members().get(i);
                            member.connect(scene.person() + i);
                        }
                    };
                });
    }
}
