package io.vitals.health.privacy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.audit.AuditTrail;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.db.Database;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.personal.ErasureLedger;
import io.vitals.kit.personal.PersonalData;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Forgets members, across both services. A request is a row before anything is removed, so it survives a crash anywhere; each
 * step may be done twice. What remains is the ledger: that somebody under this pseudonym was forgotten, when, and how many
 * rows it was.
 */
public final class Erasures {
    private static final EventLog LOG = EventLog.of(Erasures.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Database database;
    private final Sources sources;
    private final AuditTrail trail;
    private final Optional<Path> ledger;
    private final String replica;
    private final Optional<SignatureKey> key;
    private final Clock clock;
    private final RandomGenerator random;
    private final Counter deletions;

    /** The other places that know a member. Each method may be called again. */
    public interface Sources {
        /** Nothing more comes from Sahha, and it is told what it can be told. */
        void endSahha(UUID member);

        /** How far whoop-service has come in all the calls with this receipt. */
        Removed eraseWhoop(UUID member, UUID receipt);

        /** Whatever this process remembers of the member besides its database. */
        void forgotten(UUID member);
    }

    /** Rows removed by a step, by table. */
    public record Removed(boolean done, Map<String, Long> rows) {}

    /**
     * Takes its parts.
     *
     * @param ledger directory outside the database; without one an old backup has to be told by other means
     * @param replica name of this run of the process, for its file there
     * @param key signs certificates; without one they are not signed
     * @param random must be unguessable: the ids of erasures are the keys to their certificates
     */
    public Erasures(
            Database database,
            Sources sources,
            AuditTrail trail,
            Optional<Path> ledger,
            String replica,
            Optional<SignatureKey> key,
            Clock clock,
            java.security.SecureRandom random,
            MeterRegistry registry) {
        this.database = database;
        this.sources = sources;
        this.trail = trail;
        this.ledger = ledger;
        this.replica = replica;
        this.key = key;
        this.clock = clock;
        this.random = random;
        this.deletions = Counter.builder("data.deletions")
                .description("Members forgotten")
                .register(registry);
    }

    /** Asks for a member to be forgotten; returns the certificate, which is final once it is completed. */
    public Certificate request(UUID member) {
        ErasureStore.Erasure erasure = database.transaction(tx -> {
            Optional<ErasureStore.Erasure> fresh = ErasureStore.request(tx, newId(), member, clock.instant());
            fresh.ifPresent(made -> trail.append(
                    tx,
                    AuditEvent.of("member.erasure_requested", "member", member)
                            .withActorId(member.toString())
                            .withObject(made.id().toString())));
            return fresh.or(() -> ErasureStore.of(tx, member)).orElseThrow();
        });
        LOG.info("erasure_requested", LogField.MEMBER.of(member));
        return certificate(erasure);
    }

    /** The certificate as it is now; whoever knows its id may see it. */
    public Optional<Certificate> find(UUID id) {
        return ErasureStore.find(database, id).map(this::certificate);
    }

    /** Goes on with the next due erasure; false when none is due. For a worker. */
    public boolean step() {
        return step(null);
    }

    /** Goes on with this one, if it is due. */
    public boolean step(@Nullable UUID only) {
        Instant now = clock.instant();
        Optional<ErasureStore.Erasure> claimed =
                database.transaction(tx -> ErasureStore.claim(tx, only, now, now.plus(LEASE)));
        claimed.ifPresent(this::advance);
        return claimed.isPresent();
    }

    private void advance(ErasureStore.Erasure claimed) {
        ErasureStore.Erasure erasure = claimed;
        try {
            if (erasure.ledgeredAt() == null) {
                erasure = save(writeLedger(erasure), LEASE);
            }
            if (erasure.sahhaDoneAt() == null) {
                sources.endSahha(erasure.member());
                erasure = save(erasure.sahhaDone(clock.instant()), LEASE);
            }
            if (erasure.whoopDoneAt() == null) {
                Removed removed = sources.eraseWhoop(erasure.member(), receipt(erasure.id()));
                erasure = erasure.removedSoFar("whoop_service", removed.rows())
                        .whoopDone(removed.done() ? clock.instant() : null);
                erasure = save(erasure, LEASE);
            }
            removeRows(erasure);
        } catch (ErasureStore.ClaimLostException e) {
            LOG.warn("erasure_claim_lost", e, LogField.MEMBER.of(erasure.member()));
        } catch (RuntimeException e) {
            LOG.warn("erasure_delayed", e, LogField.MEMBER.of(erasure.member()));
            save(erasure, AGAIN);
        }
    }

    /** Whoever knows the id of an erasure may see its certificate, so it goes nowhere else. */
    private static UUID receipt(UUID erasure) {
        return UUID.nameUUIDFromBytes(("whoop " + erasure).getBytes(StandardCharsets.UTF_8));
    }

    /** Own rows go as soon as they can, even while whoop-service is away; the erasure ends when both are done. */
    private void removeRows(ErasureStore.Erasure before) {
        ErasureStore.Erasure erasure = before;
        String barrier = erasure.barrier();
        if (barrier == null) {
            // Whoever began after this looks into the ledger; who began before may not have seen it and is waited for.
            barrier = PersonalData.barrier(database);
            erasure = save(erasure.behind(barrier), LEASE);
        }
        if (!PersonalData.passed(database, barrier)) {
            save(erasure, SOON);
            return;
        }
        UUID member = erasure.member();
        ErasureStore.Erasure current = erasure;
        database.transaction(tx -> {
            ErasureStore.Erasure done = current.removing("health_api", PersonalData.erase(tx, member));
            if (PersonalData.left(tx, member) > 0) {
                throw new IllegalStateException("rows are left");
            }
            if (done.whoopDoneAt() != null) {
                done = done.completed(clock.instant());
                trail.append(
                        tx,
                        AuditEvent.of("member.erased", "system", member)
                                .withObject(done.id().toString()));
            }
            ErasureStore.save(tx, done, clock.instant().plus(AGAIN));
            if (done.completedAt() != null) {
                deletions.increment();
            }
            return done;
        });
        sources.forgotten(member);
    }

    private ErasureStore.Erasure writeLedger(ErasureStore.Erasure erasure) {
        if (ledger.isPresent()) {
            try {
                ErasureLedger.append(
                        ledger.get(),
                        replica,
                        new ErasureLedger.Line(erasure.id(), erasure.member(), erasure.requestedAt()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return erasure.ledgered(clock.instant());
    }

    private ErasureStore.Erasure save(ErasureStore.Erasure erasure, Duration again) {
        ErasureStore.save(database, erasure, clock.instant().plus(again));
        return erasure;
    }

    /**
     * Makes a restored database forget again whom the ledger names: own rows at once, the rest by the running service.
     *
     * @return how many members
     */
    public static int replay(Database database, List<Path> files, Instant now) throws IOException {
        int members = 0;
        for (Path file : files) {
            for (ErasureLedger.Line line : ErasureLedger.read(file)) {
                database.transaction(tx -> ErasureStore.replay(tx, line, now));
                database.transaction(tx -> PersonalData.erase(tx, line.member()));
                members++;
            }
        }
        return members;
    }

    private Certificate certificate(ErasureStore.Erasure erasure) {
        Certificate certificate = new Certificate(
                erasure.id(),
                erasure.member(),
                erasure.completedAt() == null ? "running" : "completed",
                erasure.requestedAt(),
                erasure.completedAt(),
                erasure.removed(),
                null,
                null);
        return key.filter(any -> erasure.completedAt() != null)
                .map(certificate::signed)
                .orElse(certificate);
    }

    /** A version 4 id: 122 random bits. */
    private UUID newId() {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
