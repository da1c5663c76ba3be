package io.vitals.health.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The issuer says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0): their sessions here end too, on every replica,
 * since a session is looked up with each request.
 */
final class BackChannelLogout {
    private static final EventLog LOG = EventLog.of(BackChannelLogout.class);
    private static final String PARAMETER = "logout_token=";
    private static final int LONGEST = 8192;
    private static final Duration OLDEST = Duration.ofMinutes(2);
    private static final Duration SKEW = Duration.ofSeconds(5);

    // Of two deliveries of one token the second inserts nothing.
    private static final Sql USE = Sql.named("logout-token-use", """
            INSERT INTO logout_token (token_hash, until) VALUES (:hash, :until) ON CONFLICT (token_hash) DO NOTHING
            """);
    private static final Sql PURGE = Sql.named("logout-token-purge", "DELETE FROM logout_token WHERE until < :now");

    private final OidcSettings settings;
    private final SigningKeys keys;
    private final Database database;
    private final Members members;
    private final Sessions sessions;
    private final Clock clock;

    BackChannelLogout(
            OidcSettings settings,
            SigningKeys keys,
            Database database,
            Members members,
            Sessions sessions,
            Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.database = database;
        this.members = members;
        this.sessions = sessions;
        this.clock = clock;
    }

    void receive(ServerRequest request, ServerResponse response) {
        try {
            LogoutTokenClaimsSet claims = token(request)
                    .flatMap(text -> judged(settings, keys, clock, text))
                    .orElseThrow(() -> new AccessFailure.LogoutInvalid().toException());
            if (!unused(claims)) {
                throw new AccessFailure.LogoutInvalid().toException();
            }
            long ended = end(claims);
            LOG.info("back_channel_logout", LogField.COUNT.of(ended));
            Replies.empty(response, 200);
        } catch (IssuerUnavailableException e) {
            throw new CommonFailure.Unavailable("Logout tokens cannot be judged right now.", Duration.ofSeconds(5))
                    .toException(e);
        }
    }

    /** The one form parameter that there must be. */
    private static Optional<String> token(ServerRequest request) {
        String type =
                request.headers().contentType().map(t -> t.mediaType().text()).orElse("");
        byte[] body = Bodies.read(request);
        if (!type.equals("application/x-www-form-urlencoded") || body.length > LONGEST) {
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            if (pair.startsWith(PARAMETER)) {
                found.add(pair.substring(PARAMETER.length()));
            }
        }
        try {
            return found.size() == 1
                    ? Optional.of(URLDecoder.decode(found.getFirst(), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Signature, issuer, audience, event, no nonce and a subject or session are Nimbus's; header and age are ours. */
    static Optional<LogoutTokenClaimsSet> judged(OidcSettings settings, SigningKeys keys, Clock clock, String text) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            if (!JWSAlgorithm.RS256.equals(token.getHeader().getAlgorithm())
                    || !LogoutTokenValidator.TYPE.equals(token.getHeader().getType())
                    || !TokenJudge.namesItsKeyOnly(token.getHeader())) {
                return Optional.empty();
            }
            String keyId = token.getHeader().getKeyID();
            SigningKeys.Known known = keys.forKey(keyId);
            if (!known.has(keyId)) {
                return Optional.empty();
            }
            LogoutTokenValidator validator = new LogoutTokenValidator(
                    new Issuer(settings.issuer()),
                    new ClientID(settings.clientId()),
                    true,
                    new JWSVerificationKeySelector<>(
                            JWSAlgorithm.RS256, (selector, context) -> selector.select(known.keys())),
                    null);
            return Optional.of(validator.validate(token)).filter(claims -> current(claims, clock.instant()));
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static boolean current(LogoutTokenClaimsSet claims, Instant now) {
        Instant issued = claims.getIssueTime().toInstant();
        return !issued.minus(SKEW).isAfter(now) && issued.plus(OLDEST).isAfter(now);
    }

    private boolean unused(LogoutTokenClaimsSet claims) {
        byte[] hash = Digests.sha256(claims.getJWTID().getValue().getBytes(StandardCharsets.UTF_8));
        Instant until = clock.instant().plus(OLDEST).plus(SKEW).plus(SKEW);
        return database.execute(USE, Params.of("hash", hash, "until", until)) == 1;
    }

    /** A session id ends that sign-in, a subject alone all of the person's; both must fit when both are named. */
    private long end(LogoutTokenClaimsSet claims) {
        Optional<UUID> member = Optional.ofNullable(claims.getSubject())
                .flatMap(subject -> members.known(settings.issuer().toString(), subject.getValue()));
        if (claims.getSubject() != null && member.isEmpty()) {
            return 0;
        }
        return claims.getSessionID() == null
                ? sessions.endAll(member.orElseThrow())
                : sessions.endAtIssuer(claims.getSessionID().getValue(), member);
    }

    void purge() {
        database.execute(PURGE, Params.of("now", clock.instant()));
    }
}
