package io.vitals.whoop.link;

import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Every change of a link's state, each in one transaction with its audit entry and with whatever else has to happen with it: no state without
 * a trace, no trace of what was undone.
 */
final class Transitions {
    private static final String SYSTEM = "system";
    private static final String MEMBER = "member";
    private static final String WHOOP = "whoop";

    private final Database database;
    private final LinkRepository links = new LinkRepository();
    private final Feed feed;
    private final AuditLog audit;
    private final Clock clock;

    /** What a connection means for a member who may have been linked before. */
    enum Kind {
        FIRST,
        /** The same account once more. */
        AGAIN,
        OTHER_ACCOUNT
    }

    /**
     * A connection that was made.
     *
     * @param former the row that it replaced
     */
    record Connected(Kind kind, Optional<LinkRow> former) {}

    Transitions(Database database, Feed feed, AuditLog audit, Clock clock) {
        this.database = database;
        this.feed = feed;
        this.audit = audit;
        this.clock = clock;
    }

    Connected connect(MemberId member, long account, LinkRepository.Sealed pair, List<LinkListener> listeners) {
        Connected made = database.transaction(tx -> {
            Optional<LinkRow> former = links.former(tx, member);
            Kind kind = kind(former, account);
            LinkRow link = links.connect(tx, member, account, pair);
            for (LinkListener listener : listeners) {
                listener.linked(tx, member, account);
            }
            tell(tx, member);
            record(tx, link, "link.connected", MEMBER, kind.name().toLowerCase(Locale.ROOT));
            return new Connected(kind, former);
        });
        committed(listeners);
        return made;
    }

    private static Kind kind(Optional<LinkRow> former, long account) {
        return former.map(link -> link.whoopUserId() == account ? Kind.AGAIN : Kind.OTHER_ACCOUNT)
                .orElse(Kind.FIRST);
    }

    /** A connection attempt that led to nothing. */
    void refused(MemberId member, LinkFailure failure) {
        audit.append(
                database,
                AuditEvent.of("link.refused", MEMBER, member.value())
                        .withOutcome("failure")
                        .withReason(failure.name().toLowerCase(Locale.ROOT)));
    }

    Optional<LinkRow> lease(LinkRow link, UUID holder, Duration lease) {
        return database.transaction(tx -> {
            Optional<LinkRow> leased = links.lease(tx, link.member(), link.generation(), holder, lease);
            leased.ifPresent(
                    row -> record(tx, row, "link.refreshing", SYSTEM, row.answerMayBeLost() ? "answer_unknown" : null));
            return leased;
        });
    }

    boolean renew(LinkRow leased, UUID holder, LinkRepository.Sealed pair) {
        return database.transaction(tx -> {
            boolean renewed = links.renew(tx, leased, holder, pair);
            if (renewed) {
                record(tx, leased, "link.refreshed", SYSTEM, null);
            }
            return renewed;
        });
    }

    boolean refreshFailed(LinkRow leased, UUID holder, String reason, boolean settled, double jitter) {
        return database.transaction(tx -> {
            boolean changed = links.refreshFailed(tx, leased, holder, reason, settled, jitter);
            if (changed) {
                record(tx, leased, "link.refresh_failing", SYSTEM, reason);
            }
            return changed;
        });
    }

    boolean lose(LinkRow leased, UUID holder, String reason) {
        boolean lost = database.transaction(tx -> {
            boolean changed = links.lose(tx, leased, holder, reason);
            if (changed) {
                tell(tx, leased.member());
                record(tx, leased, "link.reauth_required", WHOOP, reason);
            }
            return changed;
        });
        if (lost) {
            feed.wake();
        }
        return lost;
    }

    Optional<LinkRow> revoke(MemberId member, List<LinkListener> listeners) {
        Optional<LinkRow> revoked = database.transaction(tx -> {
            Optional<LinkRow> link = links.revoke(tx, member);
            if (link.isPresent()) {
                listeners.forEach(listener -> listener.unlinked(tx, member));
                tell(tx, member);
                record(tx, link.get(), "link.revoked", MEMBER, "disconnected");
            }
            return link;
        });
        if (revoked.isPresent()) {
            committed(listeners);
        }
        return revoked;
    }

    /** Destroys the tokens of an ended link. */
    void forgetTokens(LinkRow revoked, String reason) {
        database.transaction(tx -> {
            boolean forgotten = links.forgetTokens(tx, revoked);
            if (forgotten) {
                record(tx, revoked, "token.destroyed", SYSTEM, reason);
            }
            return forgotten;
        });
    }

    /** Stores the same tokens under another key; false if they are not the same any more. */
    boolean rewrap(LinkRow read, byte @Nullable [] access, byte @Nullable [] refresh) {
        return database.transaction(tx -> {
            boolean stored = RewrapRepository.store(tx, read, access, refresh);
            if (stored) {
                record(tx, read, "token.rewrapped", SYSTEM, null);
            }
            return stored;
        });
    }

    private void tell(SqlExecutor tx, MemberId member) {
        feed.append(tx, member, "link", Set.of(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)));
    }

    private void record(SqlExecutor tx, LinkRow link, String action, String actor, @Nullable String reason) {
        audit.append(
                tx,
                AuditEvent.of(action, actor, link.member().value())
                        .withObject("generation-" + link.generation())
                        .withReason(reason));
    }

    private void committed(List<LinkListener> listeners) {
        listeners.forEach(LinkListener::committed);
        feed.wake();
    }
}
