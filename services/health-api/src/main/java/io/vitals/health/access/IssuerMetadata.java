package io.vitals.health.access;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/** The issuer's discovery document: fetched when first needed, kept, fetched again now and then. */
final class IssuerMetadata {
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final URI issuer;
    private final IssuerTransport transport;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Document document;
    private volatile Instant lastTry = Instant.MIN;

    IssuerMetadata(URI issuer, IssuerTransport transport, Clock clock) {
        this.issuer = issuer;
        this.transport = transport;
        this.clock = clock;
    }

    private record Document(OIDCProviderMetadata metadata, Instant fetchedAt) {}

    /**
     * The document.
     *
     * @throws IssuerUnavailableException when none was ever fetched
     */
    OIDCProviderMetadata get() {
        Document known = document;
        if (known != null && clock.instant().isBefore(known.fetchedAt().plus(FRESH))) {
            return known.metadata();
        }
        fetching.lock();
        try {
            known = document;
            Instant now = clock.instant();
            if (known == null || !now.isBefore(known.fetchedAt().plus(FRESH))) {
                known = refreshed(known, now);
            }
            return known.metadata();
        } finally {
            fetching.unlock();
        }
    }

    /** An old document is better than none: its end points seldom change, and the keys are judged apart. */
    private Document refreshed(@Nullable Document old, Instant now) {
        if (now.isBefore(later(lastTry, PAUSE))) {
            if (old == null) {
                throw new IssuerUnavailableException("discovery failed a moment ago", null);
            }
            return old;
        }
        lastTry = now;
        try {
            Document fetched = new Document(fetch(), now);
            document = fetched;
            return fetched;
        } catch (IssuerUnavailableException e) {
            if (old == null) {
                throw e;
            }
            return old;
        }
    }

    private static Instant later(Instant instant, Duration by) {
        return instant.equals(Instant.MIN) ? instant : instant.plus(by);
    }

    private OIDCProviderMetadata fetch() {
        String base = issuer.toString().endsWith("/") ? issuer.toString() : issuer + "/";
        IssuerTransport.Answer answer = transport.get(URI.create(base + ".well-known/openid-configuration"));
        if (answer.status() != 200) {
            throw new IssuerUnavailableException("discovery answered " + answer.status(), null);
        }
        try {
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(answer.body());
            // A document that speaks for another issuer could redirect everything.
            if (!metadata.getIssuer().getValue().equals(issuer.toString())) {
                throw new IssuerUnavailableException("discovery names another issuer", null);
            }
            if (metadata.getJWKSetURI() == null
                    || metadata.getAuthorizationEndpointURI() == null
                    || metadata.getTokenEndpointURI() == null) {
                throw new IssuerUnavailableException("discovery lacks an end point", null);
            }
            return metadata;
        } catch (ParseException e) {
            throw new IssuerUnavailableException("discovery is not what it should be", e);
        }
    }
}
