package io.vitals.whoop.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * After a rotation of the key-encryption keyset: seals under the new primary key what still lies under a former one, a few rows at a time. The
 * rows themselves say what is left, so that a killed run is simply continued, by any replica. Once nothing is left, the former key can be
 * dropped from the keyset.
 */
final class Rewrapper {
    private static final EventLog LOG = EventLog.of(Rewrapper.class);
    private static final int BATCH = 50;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final Database database;
    private final TokenVault vault;
    private final Transitions transitions;
    private final AtomicLong left = new AtomicLong();
    private final Counter rewrapped;
    private final Counter failed;
    private UUID after = BEFORE_ALL;

    Rewrapper(Database database, TokenVault vault, Transitions transitions, MeterRegistry registry) {
        this.database = database;
        this.vault = vault;
        this.transitions = transitions;
        this.rewrapped = counter("success", registry);
        this.failed = counter("error", registry);
        Gauge.builder("whoop.tokens.rewrap.pending", left, AtomicLong::get)
                .description("Rows sealed under another key than the keyset's primary one")
                .register(registry);
    }

    private static Counter counter(String outcome, MeterRegistry registry) {
        return Counter.builder("whoop.tokens.rewrapped")
                .description("Rows sealed anew after a key rotation, by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Does one batch; returns whether there may be more. A row that cannot be opened is passed over until the next round. */
    synchronized boolean step() {
        byte[] prefix = vault.keyPrefix();
        List<LinkRow> links = RewrapRepository.links(database, prefix, after, BATCH);
        links.forEach(this::rewrap);
        RewrapRepository.verifiers(database, prefix, BATCH).forEach(this::rewrap);
        boolean more = links.size() == BATCH;
        after = more ? links.getLast().member().value() : BEFORE_ALL;
        left.set(RewrapRepository.left(database, prefix));
        return more;
    }

    private void rewrap(LinkRow link) {
        try {
            count(transitions.rewrap(link, vault.rewrap(link.access()), vault.rewrap(link.refresh())));
        } catch (UnreadableTokenException _) {
            unreadable("link", link.member().value());
        }
    }

    private void rewrap(RewrapRepository.Verifier verifier) {
        try {
            byte[] sealed = vault.rewrap(verifier.sealed());
            count(sealed != null && RewrapRepository.store(database, verifier, sealed));
        } catch (UnreadableTokenException _) {
            unreadable("oauth_state", null);
        }
    }

    /** What is not the same any more was replaced by something newer, sealed under the present key. */
    private void count(boolean stored) {
        if (stored) {
            rewrapped.increment();
        }
    }

    private void unreadable(String table, @Nullable UUID member) {
        failed.increment();
        LOG.error("token_rewrap_failed", LogField.TYPE.of(table), LogField.MEMBER.of(member));
    }
}
