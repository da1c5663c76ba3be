package io.vitals.whoop.link;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditLog;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Access tokens for calls on behalf of a member, refreshed by one process at a time (see {@link Refresher}). Whoever finds the lease taken
 * comes back later. A rejected refresh counts as a lost link only if nobody else has renewed it meanwhile.
 */
public final class TokenAccess {
    private static final EventLog LOG = EventLog.of(TokenAccess.class);

    /** A token that ends sooner might not survive the call it is taken for. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final Database database;
    private final LinkRepository links = new LinkRepository();
    private final TokenVault vault;
    private final TokenEndpoint endpoint;
    private final Transitions transitions;
    private final Refresher refresher;
    private final Rewrapper rewrapper;

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
            AuditLog audit,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry) {
        this(
                database,
                envelope,
                new TokenEndpoint(tokenClient, tokenPath, settings),
                api,
                new Transitions(database, feed, audit, clock),
                random,
                registry,
                RefreshSteps.NOBODY);
    }

    TokenAccess(
            Database database,
            Envelope envelope,
            TokenEndpoint endpoint,
            WhoopApi api,
            Transitions transitions,
            RandomGenerator random,
            MeterRegistry registry,
            RefreshSteps steps) {
        this.database = database;
        this.vault = new TokenVault(envelope);
        this.endpoint = endpoint;
        this.transitions = transitions;
        this.refresher = new Refresher(database, transitions, vault, endpoint, api, random, steps, registry);
        this.rewrapper = new Rewrapper(database, vault, transitions, registry);
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
        if (link.get().accessLeft().compareTo(MARGIN) > 0) {
            // An access token that cannot be opened is as good as an expired one.
            return refresher.ready(link.get()).orElseGet(() -> refresher.refresh(link.get()));
        }
        return refresher.refresh(link.get());
    }

    /** A token newer than the one of this generation, which WHOOP does not take. */
    private Access replace(MemberId member, long generation) {
        Optional<LinkRow> link = links.find(database, member);
        if (link.isEmpty() || !link.get().state().usable()) {
            return new Access.Gone();
        }
        return link.get().generation() == generation ? refresher.refresh(link.get()) : access(member);
    }

    /** Refreshes links whose time has come; returns whether any of them was. One that fails does not keep the others waiting. */
    public boolean refreshDue() {
        int refreshed = 0;
        for (LinkRow link : links.dueForRefresh(database)) {
            try {
                refreshed += refresher.refresh(link) instanceof Access.Ready ? 1 : 0;
            } catch (RuntimeException e) {
                LOG.error(
                        "token_refresh_broken",
                        e,
                        LogField.MEMBER.of(link.member().value()));
            }
        }
        return refreshed > 0;
    }

    /** Seals some of what lies under a former key under the present one; returns whether there may be more. */
    public boolean rewrap() {
        return rewrapper.step();
    }

    LinkRepository.Sealed seal(MemberId member, TokenPair pair) {
        return refresher.seal(member, pair);
    }

    TokenEndpoint endpoint() {
        return endpoint;
    }

    TokenVault vault() {
        return vault;
    }

    Transitions transitions() {
        return transitions;
    }
}
