package io.vitals.health.access;

import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sessions whose access token is good: it is renewed by the refresh token shortly before its end. Within the process
 * one request of a session renews and the others wait without holding a connection; across replicas the session's row
 * is the lock.
 */
final class SessionTokenSource {
    private static final EventLog LOG = EventLog.of(SessionTokenSource.class);
    private static final Duration BEFORE_END = Duration.ofSeconds(30);
    private static final URI RENEWAL = URI.create("http://localhost/session");
    private static final int STRIPES = 64;

    private final Sessions sessions;
    private final IssuerClient issuer;
    private final TokenJudge judge;
    private final Clock clock;
    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    SessionTokenSource(Sessions sessions, IssuerClient issuer, TokenJudge judge, Clock clock) {
        this.sessions = sessions;
        this.issuer = issuer;
        this.judge = judge;
        this.clock = clock;
        Arrays.setAll(stripes, i -> new ReentrantLock());
    }

    /**
     * The session of a cookie with a usable access token; empty when there is no such session, or it can't be renewed.
     *
     * @throws IssuerUnavailableException when the token is over and the issuer is away; the session stays
     */
    Optional<Sessions.Live> current(String cookie) {
        return sessions.find(cookie).flatMap(this::renewed);
    }

    boolean alive(SessionRef ref) {
        return sessions.alive(ref);
    }

    private Optional<Sessions.Live> renewed(Sessions.Live session) {
        if (fresh(session)) {
            return Optional.of(session);
        }
        ReentrantLock lock = stripes[Math.floorMod(Arrays.hashCode(session.idHash()), STRIPES)];
        lock.lock();
        try {
            return sessions.renew(session, this::fresh, this::ask);
        } catch (IssuerUnavailableException e) {
            if (session.accessExpiresAt().isAfter(clock.instant())) {
                return Optional.of(session);
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private boolean fresh(Sessions.Live session) {
        return session.accessExpiresAt().minus(BEFORE_END).isAfter(clock.instant());
    }

    private Optional<Sessions.Renewed> ask(Sessions.Live session) {
        String refreshToken = session.tokens().refreshToken();
        if (refreshToken == null) {
            // Nothing to renew with: the session lives as long as its access token.
            return session.accessExpiresAt().isAfter(clock.instant())
                    ? Optional.of(new Sessions.Renewed(session.tokens(), session.accessExpiresAt()))
                    : Optional.empty();
        }
        Optional<Sessions.Renewed> renewed = issuer.refresh(refreshToken)
                .flatMap(tokens -> judge.judge(tokens.accessToken(), "session", "GET", RENEWAL)
                        .map(verdict -> new Sessions.Renewed(tokens, verdict.expiresAt())));
        LOG.info(
                "session_renewal",
                LogField.MEMBER.of(session.member()),
                LogField.OUTCOME.of(renewed.isPresent() ? "renewed" : "ended"));
        return renewed;
    }
}
