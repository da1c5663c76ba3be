package io.vitals.health.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Identity;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * API keys. A member makes them for their own data and for nobody else's; whoever holds one reads as that member, within its scopes.
 *
 * <p>A value that was found good is remembered for half a second, so a revoked one is refused by every replica within a second.
 */
public final class ApiKeys {
    /** Live keys of one member. */
    public static final int MOST = 10;

    private static final Identity ADMIN = Identity.worker("key-admin");
    private static final EventLog LOG = EventLog.of(ApiKeys.class);
    private static final Duration REMEMBERED = Duration.ofMillis(500);
    private static final int MOST_REMEMBERED = 10_000;
    private static final Duration OVERLAP = Duration.ofHours(24);
    private static final Duration USE_STEP = Duration.ofHours(1);
    private static final Duration SHOWN_AFTER_END = Duration.ofDays(30);
    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final Clock clock;
    private final SecureRandom random;
    private final Cache<String, ApiKey.Holder> good = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    public ApiKeys(Database database, Clock clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** Whether a bearer text is a key and not a token; whether it is a good one is another question. */
    public static boolean claimed(String bearer) {
        return KeyText.claimed(bearer);
    }

    /** Whom this value speaks for; empty when it is mistyped, unknown, revoked or over. */
    public Optional<ApiKey.Holder> holder(String value) {
        if (!KeyText.wellFormed(value)) {
            return Optional.empty();
        }
        byte[] hash = KeyText.hash(value);
        String known = Tokens.base64Url(hash);
        ApiKey.Holder holder = good.getIfPresent(known);
        if (holder == null) {
            holder = find(hash).orElse(null);
            if (holder == null) {
                return Optional.empty();
            }
            good.put(known, holder);
        }
        return Optional.of(holder).filter(h -> h.expiresAt().isAfter(clock.instant()));
    }

    private Optional<ApiKey.Holder> find(byte[] hash) {
        Optional<KeyStore.Found> found = KeyStore.find(database, hash);
        Instant now = clock.instant();
        found.filter(f ->
                        f.lastUsedAt() == null || f.lastUsedAt().plus(USE_STEP).isBefore(now))
                .ifPresent(f -> KeyStore.used(database, f.id(), now, now.minus(USE_STEP)));
        return found.map(f -> new ApiKey.Holder(f.id(), f.member(), f.scopes(), f.endsAt()));
    }

    /** Whether a key that was good still is; for answers that last. */
    public boolean alive(ApiKey.Holder holder) {
        Instant now = clock.instant();
        return holder.expiresAt().isAfter(now) && KeyStore.alive(database, holder.id(), now);
    }

    /**
     * Makes a key for the member's own data.
     *
     * @throws io.vitals.kit.http.FailureException when the member has {@value #MOST} already
     */
    public ApiKey.Issued create(UUID member, NewKey wanted) {
        String value = KeyText.make(random);
        UUID id = newId();
        Instant now = clock.instant();
        ApiKey key = database.transaction(tx -> {
            KeyStore.lock(tx, member);
            if (KeyStore.count(tx, member, now) >= MOST) {
                throw new KeyFailure.TooMany().toException();
            }
            return KeyStore.add(tx, id, member, value, wanted, now);
        });
        LOG.info("api_key_made", LogField.MEMBER.of(member), LogField.KEY.of(id));
        return new ApiKey.Issued(key, value);
    }

    /** The member's own keys, those that ended lately included. */
    public List<ApiKey> of(UUID member) {
        return KeyStore.ofMember(database, member);
    }

    /** A page of everybody's keys, for an admin. */
    public List<ApiKey> page(Optional<UUID> after, int limit) {
        return ADMIN.call(() -> KeyStore.page(database, after.orElse(FIRST), limit));
    }

    /** A new value beside the one until now, which works for another day; empty when the key is not the member's. */
    public Optional<ApiKey.Issued> rotate(UUID member, UUID id) {
        String value = KeyText.make(random);
        Instant now = clock.instant();
        Optional<ApiKey> key = KeyStore.rotate(database, id, member, value, now, now.plus(OVERLAP));
        good.invalidateAll();
        key.ifPresent(k -> LOG.info("api_key_rotated", LogField.MEMBER.of(member), LogField.KEY.of(id)));
        return key.map(k -> new ApiKey.Issued(k, value));
    }

    /** Ends a key of the member's, with all its values; false when there is none. */
    public boolean revoke(UUID member, UUID id) {
        return ended(id, KeyStore.revokeOwn(database, id, member));
    }

    /** Ends anybody's key, for an admin; false when there is none. */
    public boolean revokeAny(UUID id) {
        return ended(id, ADMIN.call(() -> KeyStore.revoke(database, id)));
    }

    private boolean ended(UUID id, boolean done) {
        good.invalidateAll();
        if (done) {
            LOG.info("api_key_revoked", LogField.KEY.of(id));
        }
        return done;
    }

    /** Drops keys that ended a while ago. */
    public void purge() {
        KeyStore.purge(database, clock.instant().minus(SHOWN_AFTER_END));
    }

    /** A version 4 id out of the injected randomness. */
    private UUID newId() {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
