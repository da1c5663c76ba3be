package io.vitals.health.access;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.health.keys.ApiKey;
import io.vitals.health.keys.ApiKeys;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.RequestContext;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** From a request to its caller: the bearer header's token, or the session's, through the one judge, or an API key. */
final class Authenticator {
    private static final String BEARER = "Bearer ";

    private final TokenJudge judge;
    private final Members members;
    private final SessionTokenSource sessions;
    private final OriginCheck origin;
    private final ApiKeys keys;

    Authenticator(TokenJudge judge, Members members, SessionTokenSource sessions, OriginCheck origin, ApiKeys keys) {
        this.judge = judge;
        this.members = members;
        this.sessions = sessions;
        this.origin = origin;
        this.keys = keys;
    }

    /**
     * The caller; a problem is thrown when there is none.
     *
     * @param sessionOnly whether a bearer header is no good here
     */
    Caller require(ServerRequest request, boolean sessionOnly) {
        try {
            List<String> headers = request.headers().values(HeaderNames.AUTHORIZATION);
            if (headers.isEmpty()) {
                return bySession(request);
            }
            if (sessionOnly || headers.size() != 1) {
                throw new CommonFailure.Unauthorized().toException();
            }
            return byHeader(request, headers.getFirst());
        } catch (IssuerUnavailableException e) {
            throw new CommonFailure.Unavailable("Tokens cannot be judged right now.", Duration.ofSeconds(5))
                    .toException(e);
        }
    }

    private Caller byHeader(ServerRequest request, String header) {
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new CommonFailure.Unauthorized().toException();
        }
        String bearer = header.substring(BEARER.length());
        if (ApiKeys.claimed(bearer)) {
            return byKey(bearer);
        }
        TokenJudge.Verdict verdict = judge(request, bearer);
        UUID member = members.idOf(verdict.issuer(), verdict.subject());
        return new Caller(
                member, verdict.roles(), verdict.name(), verdict.expiresAt(), Optional.empty(), Optional.empty());
    }

    /** A key speaks for its member and for no other role that the person may have. */
    private Caller byKey(String value) {
        ApiKey.Holder holder = keys.holder(value).orElseThrow(() -> new CommonFailure.Unauthorized().toException());
        return new Caller(
                holder.member(), Set.of(Role.MEMBER), null, holder.expiresAt(), Optional.empty(), Optional.of(holder));
    }

    private Caller bySession(ServerRequest request) {
        Sessions.Live session = Cookies.read(request, Cookies.SESSION)
                .flatMap(sessions::current)
                .orElseThrow(() -> new CommonFailure.Unauthorized().toException());
        origin.require(request);
        TokenJudge.Verdict verdict = judge(request, session.tokens().accessToken());
        return new Caller(
                session.member(),
                verdict.roles(),
                verdict.name(),
                verdict.expiresAt(),
                Optional.of(session.ref()),
                Optional.empty());
    }

    private TokenJudge.Verdict judge(ServerRequest request, String token) {
        return judge.judge(
                        token,
                        RequestContext.of(request).requestId(),
                        request.prologue().method().text(),
                        URI.create(
                                "http://localhost" + request.path().absolute().rawPath()))
                .orElseThrow(() -> new CommonFailure.Unauthorized().toException());
    }

    /** Whether a caller seen before would still be let in; for answers that last. */
    boolean still(Caller caller, Clock clock) {
        if (caller.key().isPresent()) {
            return keys.alive(caller.key().get());
        }
        return caller.session()
                .map(sessions::alive)
                .orElseGet(() -> caller.expiresAt().isAfter(Instant.now(clock)));
    }
}
