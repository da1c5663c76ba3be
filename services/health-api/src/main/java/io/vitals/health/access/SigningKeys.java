package io.vitals.health.access;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The issuer's public keys and the judge built on them.
 *
 * <p>Keys older than {@value #FRESH_MINUTES} minutes are renewed beside the requests; an unknown key id makes one
 * request fetch, at most once in {@value #PAUSE_SECONDS} seconds for the whole process, so made-up ids cannot make a
 * storm; while the issuer is away the known keys serve for {@value #USABLE_HOURS} hours.
 */
final class SigningKeys {
    static final int FRESH_MINUTES = 5;
    static final int PAUSE_SECONDS = 30;
    static final int USABLE_HOURS = 24;
    private static final Duration FRESH = Duration.ofMinutes(FRESH_MINUTES);
    private static final Duration PAUSE = Duration.ofSeconds(PAUSE_SECONDS);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration USABLE = Duration.ofHours(USABLE_HOURS);

    private final Supplier<URI> location;
    private final IssuerTransport transport;
    private final Function<JWKSet, ProviderChain> chains;
    private final Clock clock;
    private final Executor background;
    private final ReentrantLock fetching = new ReentrantLock();
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile @Nullable Known known;
    private volatile @Nullable Instant lastTry;

    SigningKeys(
            Supplier<URI> location,
            IssuerTransport transport,
            Function<JWKSet, ProviderChain> chains,
            Clock clock,
            Executor background) {
        this.location = location;
        this.transport = transport;
        this.chains = chains;
        this.clock = clock;
        this.background = background;
    }

    /** Keys, and the provider that judges by them. */
    record Known(JWKSet keys, ProviderChain chain, Instant fetchedAt) {
        boolean has(String keyId) {
            return keys.getKeyByKeyId(keyId) != null;
        }
    }

    /**
     * What is known now, after an attempt to learn {@code keyId} if it is new and an attempt is due.
     *
     * @throws IssuerUnavailableException when no key was ever fetched, or the last ones are too old
     */
    Known forKey(String keyId) {
        Known now = known;
        if (now == null || !now.has(keyId)) {
            now = fetchFor(keyId);
        } else if (clock.instant().isAfter(now.fetchedAt().plus(FRESH)) && due(PAUSE)) {
            renewBeside();
        }
        if (clock.instant().isAfter(now.fetchedAt().plus(USABLE))) {
            throw new IssuerUnavailableException("signing keys are too old", null);
        }
        return now;
    }

    private Known fetchFor(String keyId) {
        fetching.lock();
        try {
            Known now = known;
            if (now != null && (now.has(keyId) || !due(PAUSE))) {
                return now;
            }
            if (now == null && !due(FIRST_PAUSE)) {
                throw new IssuerUnavailableException("no signing keys yet", null);
            }
            return fetch(now);
        } catch (IssuerUnavailableException e) {
            Known now = known;
            if (now == null) {
                throw e;
            }
            return now;
        } finally {
            fetching.unlock();
        }
    }

    private void renewBeside() {
        if (renewing.compareAndSet(false, true)) {
            background.execute(() -> {
                fetching.lock();
                try {
                    fetch(known);
                } catch (IssuerUnavailableException e) {
                    // The known keys go on serving; the next request after the pause tries again.
                } finally {
                    fetching.unlock();
                    renewing.set(false);
                }
            });
        }
    }

    private boolean due(Duration pause) {
        Instant last = lastTry;
        return last == null || !clock.instant().isBefore(last.plus(pause));
    }

    private Known fetch(@Nullable Known before) {
        lastTry = clock.instant();
        JWKSet keys = download();
        Known fetched = before != null && before.keys().equals(keys)
                ? new Known(keys, before.chain(), clock.instant())
                : new Known(keys, chains.apply(keys), clock.instant());
        known = fetched;
        return fetched;
    }

    private JWKSet download() {
        IssuerTransport.Answer answer = transport.get(location.get());
        if (answer.status() != 200) {
            throw new IssuerUnavailableException("keys answered " + answer.status(), null);
        }
        try {
            List<JWK> usable = JWKSet.parse(answer.body()).getKeys().stream()
                    .filter(SigningKeys::usable)
                    .map(JWK::toPublicJWK)
                    .toList();
            if (usable.isEmpty()) {
                throw new IssuerUnavailableException("no usable signing key", null);
            }
            return new JWKSet(usable);
        } catch (ParseException e) {
            throw new IssuerUnavailableException("keys are not a key set", e);
        }
    }

    /** RSA of at least 2048 bits for RS256; anything else in the set is not for us. */
    private static boolean usable(JWK key) {
        return key instanceof RSAKey rsa
                && rsa.size() >= 2048
                && key.getKeyID() != null
                && !key.getKeyID().isBlank()
                && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                && (key.getAlgorithm() == null || key.getAlgorithm().equals(JWSAlgorithm.RS256));
    }
}
