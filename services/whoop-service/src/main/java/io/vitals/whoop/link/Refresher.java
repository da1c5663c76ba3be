package io.vitals.whoop.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.link.RefreshSteps.Step;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.upstream.WhoopApi;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Refreshes a pair, one process at a time.
 *
 * <p>A refresh kills the former pair, so two at once would lose the link. Whoever refreshes holds a lease on the row; taking it also notes the
 * intent to send the refresh token. WHOOP is called outside of any transaction; the new pair is stored in one statement that also checks that
 * lease and generation are still the same. A holder who dies between WHOOP's answer and that commit takes the new pair along. The next one
 * finds the intent open and tries the old token once more: WHOOP's refusal then means that the answer was lost, and the member is told so.
 */
final class Refresher {
    private static final EventLog LOG = EventLog.of(Refresher.class);

    /** Longer than a call to the token endpoint can take. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);

    /** A running refresh mostly ends long before its lease. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** Each attempt waits up to three seconds for a connection: together they outlast a failover of the database. */
    private static final int MOST_STORE_ATTEMPTS = 10;

    private static final Set<DatabaseException.Kind> MAY_PASS = EnumSet.of(
            DatabaseException.Kind.CONNECTION, DatabaseException.Kind.SERIALIZATION, DatabaseException.Kind.TIMEOUT);

    private final Database database;
    private final LinkRepository links = new LinkRepository();
    private final Transitions transitions;
    private final TokenVault vault;
    private final TokenEndpoint endpoint;
    private final WhoopApi api;
    private final RandomGenerator random;
    private final RefreshSteps steps;
    private final Map<String, Counter> outcomes = new HashMap<>();

    Refresher(
            Database database,
            Transitions transitions,
            TokenVault vault,
            TokenEndpoint endpoint,
            WhoopApi api,
            RandomGenerator random,
            RefreshSteps steps,
            MeterRegistry registry) {
        this.database = database;
        this.transitions = transitions;
        this.vault = vault;
        this.endpoint = endpoint;
        this.api = api;
        this.random = random;
        this.steps = steps;
        for (String outcome : new String[] {"success", "error", "revoked", "timeout", "fenced"}) {
            outcomes.put(
                    outcome,
                    Counter.builder("whoop.oauth.token.refresh")
                            .description("Token refreshes by outcome")
                            .tag("outcome", outcome)
                            .register(registry));
        }
    }

    /** Refreshes the pair of the generation that the caller knows, unless somebody else does or did. */
    Access refresh(LinkRow link) {
        UUID holder = new UUID(random.nextLong(), random.nextLong());
        Optional<LinkRow> leased = transitions.lease(link, holder, LEASE);
        if (leased.isEmpty()) {
            return afterLostRace(link);
        }
        steps.reached(Step.LEASED);
        Secret refreshToken;
        try {
            refreshToken =
                    vault.open(link.member(), TokenVault.REFRESH, leased.get().refresh());
        } catch (UnreadableTokenException _) {
            // Most likely a keyset that lacks a key: nobody loses a link for what an operator can mend.
            return failed(leased.get(), holder, "token_unreadable", true);
        }
        steps.reached(Step.OPENED);
        TokenReply reply = endpoint.refresh(refreshToken);
        steps.reached(Step.ANSWERED);
        return switch (reply) {
            case TokenReply.Issued(TokenPair pair) -> renew(leased.get(), holder, pair);
            case TokenReply.Rejected() -> rejected(leased.get(), holder);
            case TokenReply.Failed(String reason, boolean settled) -> failed(leased.get(), holder, reason, settled);
        };
    }

    private Access renew(LinkRow leased, UUID holder, TokenPair pair) {
        LinkRepository.Sealed sealed = seal(leased.member(), pair);
        steps.reached(Step.SEALED);
        if (store(leased, holder, sealed)) {
            steps.reached(Step.STORED);
            count("success");
            return new Access.Ready(pair.access(), leased.generation() + 1);
        }
        // Disconnected, connected anew, or overtaken by the next holder. Nobody will ever use this pair.
        count("fenced");
        if (links.find(database, leased.member()).map(LinkRow::state).orElse(LinkState.NONE) == LinkState.REVOKED) {
            api.revoke(pair.access());
        }
        return afterLostRace(leased);
    }

    /** The pair exists nowhere else, so a database that is away for a moment must not be the end of it. */
    private boolean store(LinkRow leased, UUID holder, LinkRepository.Sealed pair) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transitions.renew(leased, holder, pair) || (attempt > 1 && isStored(leased, pair));
            } catch (DatabaseException e) {
                if (attempt == MOST_STORE_ATTEMPTS || !MAY_PASS.contains(e.kind())) {
                    throw e;
                }
                LOG.warn(
                        "token_store_repeated",
                        e,
                        LogField.MEMBER.of(leased.member().value()),
                        LogField.ATTEMPT.of(attempt));
            }
        }
    }

    /** After a commit of which the outcome is unknown: whether it was one. */
    private boolean isStored(LinkRow leased, LinkRepository.Sealed pair) {
        return links.find(database, leased.member())
                .filter(link -> Arrays.equals(link.refresh(), pair.refresh()))
                .isPresent();
    }

    private Access rejected(LinkRow leased, UUID holder) {
        String reason = leased.answerMayBeLost() ? "refresh_answer_lost" : "refresh_rejected";
        if (!transitions.lose(leased, holder, reason)) {
            return afterLostRace(leased);
        }
        steps.reached(Step.STORED);
        count("revoked");
        LOG.warn("link_lost", LogField.MEMBER.of(leased.member().value()), LogField.REASON.of(reason));
        return new Access.Gone();
    }

    private Access failed(LinkRow leased, UUID holder, String reason, boolean settled) {
        count(reason.equals("timeout") ? "timeout" : "error");
        LOG.warn("token_refresh_failed", LogField.MEMBER.of(leased.member().value()), LogField.REASON.of(reason));
        transitions.refreshFailed(leased, holder, reason, settled, 0.5 + random.nextDouble());
        steps.reached(Step.STORED);
        return afterLostRace(leased);
    }

    /** Somebody else has the lease, has renewed the pair, has ended the link, or the last refresh failed a moment ago. */
    private Access afterLostRace(LinkRow known) {
        Optional<LinkRow> now = links.find(database, known.member());
        if (now.isEmpty() || !now.get().state().usable()) {
            return new Access.Gone();
        }
        LinkRow link = now.get();
        if (link.generation() != known.generation() && link.accessLeft().isPositive()) {
            Optional<Access> renewed = ready(link);
            if (renewed.isPresent()) {
                return renewed.get();
            }
        }
        Duration busy = link.busyFor();
        if (busy.compareTo(SHORTEST_WAIT) < 0) {
            return new Access.Later(SHORTEST_WAIT);
        }
        return new Access.Later(busy.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : busy);
    }

    /** The stored access token; empty if it cannot be opened. */
    Optional<Access> ready(LinkRow link) {
        try {
            return Optional.of(
                    new Access.Ready(vault.open(link.member(), TokenVault.ACCESS, link.access()), link.generation()));
        } catch (UnreadableTokenException _) {
            LOG.error("token_unreadable", LogField.MEMBER.of(link.member().value()));
            return Optional.empty();
        }
    }

    /** Due well before expiry, but not all at the same moment. */
    LinkRepository.Sealed seal(MemberId member, TokenPair pair) {
        Duration quarter = pair.lifetime().dividedBy(4);
        Duration lead = quarter.compareTo(Duration.ofMinutes(10)) > 0 ? Duration.ofMinutes(10) : quarter;
        long jittered = Math.round(lead.toMillis() * (0.8 + 0.4 * random.nextDouble()));
        return new LinkRepository.Sealed(
                vault.seal(member, TokenVault.ACCESS, pair.access()),
                vault.seal(member, TokenVault.REFRESH, pair.refresh()),
                pair.lifetime(),
                pair.lifetime().minusMillis(jittered),
                String.join(" ", pair.scopes()));
    }

    private void count(String outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }
}
