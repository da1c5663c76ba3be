package io.vitals.whoop.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Access tokens for calls on behalf of a member, refreshed by one process at a time.
 *
 * <p>A refresh kills the former pair, so two at once would lose the link. Whoever refreshes holds a lease on the row; WHOOP is called outside
 * of any transaction; the new pair is stored in one statement that also checks that lease and generation are still the same. Whoever finds
 * the lease taken comes back later. A rejected refresh counts as a lost link only if nobody else has renewed it meanwhile.
 */
public final class TokenAccess {
    private static final EventLog LOG = EventLog.of(TokenAccess.class);

    /** Longer than a call to the token endpoint can take. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** A token that ends sooner might not survive the call it is taken for. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);

    private final Database database;
    private final LinkRepository links = new LinkRepository();
    private final TokenVault vault;
    private final TokenEndpoint endpoint;
    private final WhoopApi api;
    private final Feed feed;
    private final Clock clock;
    private final RandomGenerator random;
    private final Map<String, Counter> outcomes = new HashMap<>();

    /**
     * Takes its parts.
     *
     * @param tokenClient its base is the token URL without its last segment, {@code tokenPath}
     */
    public TokenAccess(
            Database database,
            Envelope envelope,
            OutboundClient tokenClient,
            String tokenPath,
            OAuthSettings settings,
            WhoopApi api,
            Feed feed,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry) {
        this.database = database;
        this.vault = new TokenVault(envelope);
        this.endpoint = new TokenEndpoint(tokenClient, tokenPath, settings);
        this.api = api;
        this.feed = feed;
        this.clock = clock;
        this.random = random;
        for (String outcome : new String[] {"success", "error", "revoked", "timeout", "fenced"}) {
            outcomes.put(
                    outcome,
                    Counter.builder("whoop.oauth.token.refresh")
                            .description("Token refreshes by outcome")
                            .tag("outcome", outcome)
                            .register(registry));
        }
    }

    /** Calls WHOOP with the member's token. A 401 refreshes the token once and repeats the call. */
    public Answer call(MemberId member, Function<Secret, Answer> call) {
        Access access = access(member);
        if (access instanceof Access.Ready(Secret token, long generation)) {
            Answer answer = call.apply(token);
            if (!(answer instanceof Answer.Unauthorized)) {
                return answer;
            }
            access = replace(member, generation);
        }
        return switch (access) {
            case Access.Ready(Secret token, long _) -> {
                Answer answer = call.apply(token);
                yield answer instanceof Answer.Unauthorized ? new Answer.Failed("unauthorized") : answer;
            }
            case Access.Later(Duration wait) -> new Answer.Later(wait, "token");
            case Access.Gone() -> new Answer.Gone();
        };
    }

    /** A token that is good now. */
    public Access access(MemberId member) {
        Optional<LinkRow> link = links.find(database, member);
        if (link.isEmpty() || !link.get().state().usable()) {
            return new Access.Gone();
        }
        return link.get().accessLeft().compareTo(MARGIN) > 0 ? ready(link.get()) : refresh(link.get());
    }

    /** A token newer than the one of this generation, which WHOOP does not take. */
    private Access replace(MemberId member, long generation) {
        Optional<LinkRow> link = links.find(database, member);
        if (link.isEmpty() || !link.get().state().usable()) {
            return new Access.Gone();
        }
        return link.get().generation() == generation ? refresh(link.get()) : access(member);
    }

    /** Refreshes links whose time has come; returns whether any of them was. One that fails does not keep the others waiting. */
    public boolean refreshDue() {
        int refreshed = 0;
        for (LinkRow link : links.dueForRefresh(database)) {
            try {
                refreshed += refresh(link) instanceof Access.Ready ? 1 : 0;
            } catch (RuntimeException e) {
                LOG.error(
                        "token_refresh_broken",
                        e,
                        LogField.MEMBER.of(link.member().value()));
            }
        }
        return refreshed > 0;
    }

    private Access refresh(LinkRow link) {
        UUID holder = new UUID(random.nextLong(), random.nextLong());
        Optional<LinkRow> leased = links.lease(database, link.member(), link.generation(), holder, LEASE);
        if (leased.isEmpty()) {
            return afterLostRace(link);
        }
        Secret refreshToken =
                vault.open(link.member(), TokenVault.REFRESH, leased.get().refresh());
        return switch (endpoint.refresh(refreshToken)) {
            case TokenReply.Issued(TokenPair pair) -> renew(leased.get(), holder, pair);
            case TokenReply.Rejected() -> rejected(leased.get(), holder);
            case TokenReply.Failed(String reason) -> failed(leased.get(), holder, reason);
        };
    }

    private Access renew(LinkRow leased, UUID holder, TokenPair pair) {
        if (links.renew(database, leased, holder, seal(leased.member(), pair))) {
            count("success");
            return new Access.Ready(pair.access(), leased.generation() + 1);
        }
        // Disconnected, or connected anew, while WHOOP answered. Nobody will ever use this pair.
        count("fenced");
        if (links.find(database, leased.member()).map(LinkRow::state).orElse(LinkState.NONE) == LinkState.REVOKED) {
            api.revoke(pair.access());
        }
        return new Access.Gone();
    }

    private Access rejected(LinkRow leased, UUID holder) {
        boolean lost = database.transaction(tx -> {
            boolean changed = links.lose(tx, leased, holder, "refresh_rejected");
            if (changed) {
                feed.append(
                        tx,
                        leased.member(),
                        "link",
                        java.util.Set.of(java.time.LocalDate.ofInstant(clock.instant(), java.time.ZoneOffset.UTC)));
            }
            return changed;
        });
        if (!lost) {
            return afterLostRace(leased);
        }
        feed.wake();
        count("revoked");
        LOG.warn("link_lost", LogField.MEMBER.of(leased.member().value()), LogField.REASON.of("refresh_rejected"));
        return new Access.Gone();
    }

    private Access failed(LinkRow leased, UUID holder, String reason) {
        count(reason.equals("timeout") ? "timeout" : "error");
        LOG.warn("token_refresh_failed", LogField.MEMBER.of(leased.member().value()), LogField.REASON.of(reason));
        links.refreshFailed(database, leased, holder, reason, 0.5 + random.nextDouble());
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
            return ready(link);
        }
        return new Access.Later(link.busyFor().compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : shorter(link.busyFor()));
    }

    /** A running refresh mostly ends long before its lease. */
    private static Duration shorter(Duration busy) {
        Duration most = Duration.ofSeconds(2);
        return busy.compareTo(most) > 0 ? most : busy;
    }

    private Access ready(LinkRow link) {
        return new Access.Ready(vault.open(link.member(), TokenVault.ACCESS, link.access()), link.generation());
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

    TokenEndpoint endpoint() {
        return endpoint;
    }

    TokenVault vault() {
        return vault;
    }

    private void count(String outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }
}
