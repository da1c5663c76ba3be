package io.vitals.whoop;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A withdrawn consent ends the link, and with it everything that asks WHOOP: what is under way, what a member or a
 * webhook asks for, and what a clock would. The simulator counts every call that reaches it.
 */
class DisconnectedTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Test
    void nothingIsAskedOfWhoopAnyMore() {
        try (RunningService service = RunningService.start()) {
            var whoop = service.whoop().control();
            // So slow that the first sync is still under way when it is cut off.
            whoop.failFor(WhoopEndpoint.api(), Duration.ofMinutes(10), new WhoopFault.Slow(Duration.ofMillis(300)));
            UUID member = service.connect(1);
            await().atMost(LIMIT).until(() -> calls(service) >= 3);
            assertThat(disconnect(service, member)).isEqualTo(200);
            whoop.clearFaults();

            // Somebody else's whole sync takes longer than any call that was in the air.
            UUID other = service.connect(2);
            await().atMost(LIMIT).until(() -> Rows.fetched(service, other));
            assertThat(disconnect(service, other)).isEqualTo(200);
            whoop.resetFigures();

            assertThat(service.post("/internal/v1/sync/" + member, Map.of()).status())
                    .isEqualTo(404);
            event(service, 1);
            event(service, 2);
            assertThat(calls(service)).isZero();
            assertThat(Rows.count(
                            service.database(),
                            "SELECT count(*) AS n FROM link WHERE member_id = :member AND state <> 'revoked'",
                            member))
                    .isZero();

            // The same steps with a link do ask.
            service.connect(3);
            event(service, 3);
            await().atMost(LIMIT).until(() -> calls(service) > 0);
        }
    }

    /** A genuine delivery about the member's WHOOP account, worked off as far as it gets. */
    private static void event(RunningService service, int account) {
        long user = service.whoop().control().people().member(account).profile().userId();
        service.whoop().control().sendEvent(user, UUID.randomUUID(), "sleep.updated", UUID.randomUUID());
        await().atMost(LIMIT)
                .until(() -> service.database()
                                .first(
                                        Sql.named(
                                                "test-inbox",
                                                "SELECT count(*) AS n FROM webhook_inbox WHERE whoop_user_id = :user AND state <> 'pending'"),
                                        Params.of("user", user),
                                        row -> row.longValue("n"))
                                .orElse(0L)
                        > 0);
    }

    private static int disconnect(RunningService service, UUID member) {
        return service.call(OutboundRequest.delete("test", "/internal/v1/links/" + member))
                .status();
    }

    private static long calls(RunningService service) {
        return service.whoop().control().figures().totalCalls();
    }
}
