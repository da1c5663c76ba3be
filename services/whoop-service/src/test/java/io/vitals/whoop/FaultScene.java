package io.vitals.whoop;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopFault;

import java.time.Duration;
import java.util.UUID;

/** A running service whose WHOOP misbehaves as told, and what piles up meanwhile. */
final class FaultScene implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);
    static final Duration DEADLINE = Duration.ofSeconds(5);

    /** So that an answer that is only late is late soon. */
    static final Duration SHORT_DEADLINE = Duration.ofMillis(700);

    static final String DEAD = "SELECT count(*) AS n FROM webhook_inbox WHERE state = 'dead'";

    private final RunningService service = RunningService.start();

    RunningService service() {
        return service;
    }

    WhoopControl whoop() {
        return service.whoop().control();
    }

    static WhoopFault fault(String kind) {
        return switch (kind) {
            case "slow" -> new WhoopFault.Slow(SHORT_DEADLINE.multipliedBy(2));
            case "cut" -> new WhoopFault.CutBody();
            case "wrong json" -> new WhoopFault.BrokenJson();
            case "wrong type" -> new WhoopFault.WrongShape();
            case "empty" -> new WhoopFault.EmptyBody();
            case "redirect" -> new WhoopFault.Redirect();
            default -> new WhoopFault.Refuse(Integer.parseInt(kind));
        };
    }

    /** Starts the service anew, waiting so long for WHOOP's answers. */
    void restart(Duration deadline) {
        service.restart(service.whoop().apiBaseUrl(), service.whoop().tokenUrl(), deadline);
    }

    /** Events that are given up. */
    long dead() {
        return number(DEAD);
    }

    /** Events that are not worked off, and what is not fetched of links that are not ended. */
    long leftOver() {
        return number("""
                SELECT (SELECT count(*) FROM webhook_inbox WHERE state NOT IN ('done', 'ignored'))
                     + (SELECT count(*) FROM sync_cursor s JOIN link l ON l.member_id = s.member_id AND l.state <> 'revoked'
                        WHERE s.complete_to IS NULL OR s.window_from IS NOT NULL OR s.last_error IS NOT NULL) AS n""");
    }

    /** Whether the simulated member's newest night is stored for the member. */
    boolean hasNewestNight(UUID member, int account) {
        UUID night = whoop().people().member(account).sleeps().getFirst().id();
        return service.database()
                .first(
                        Sql.named("test-night", "SELECT 1 AS n FROM sleep WHERE id = :id AND member_id = :member"),
                        Params.of("id", night, "member", member),
                        row -> row.longValue("n"))
                .isPresent();
    }

    boolean circuit(String upstream, String state) {
        return service.registry()
                        .get("outbound.circuit.state")
                        .tag("upstream", upstream)
                        .tag("state", state)
                        .gauge()
                        .value()
                == 1;
    }

    long number(String query) {
        return Rows.number(service.database(), query);
    }

    void run(String statement) {
        service.database().execute(Sql.named("test-run", statement), Params.none());
    }

    @Override
    public void close() {
        service.close();
    }
}
