package io.vitals.health.access;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Failure;
import io.vitals.kit.http.Replies;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The browser's sign-in and sign-out. A person who cannot be signed in is sent back to the page, which says so. */
final class BrowserLogin {
    private static final EventLog LOG = EventLog.of(BrowserLogin.class);
    private static final int LONGEST_PARAMETER = 4096;
    private static final URI CALLBACK = URI.create("http://localhost/auth/callback");

    private final IssuerClient issuer;
    private final LoginAttempts attempts;
    private final Sessions sessions;
    private final Members members;
    private final TokenJudge judge;
    private final OriginCheck origin;
    private final SecureRandom random;
    private final Duration sessionLife;
    private final DoorListener listener;

    BrowserLogin(
            IssuerClient issuer,
            LoginAttempts attempts,
            Sessions sessions,
            Members members,
            TokenJudge judge,
            OriginCheck origin,
            SecureRandom random,
            Duration sessionLife,
            DoorListener listener) {
        this.issuer = issuer;
        this.attempts = attempts;
        this.sessions = sessions;
        this.members = members;
        this.judge = judge;
        this.origin = origin;
        this.random = random;
        this.sessionLife = sessionLife;
        this.listener = listener;
    }

    void login(ServerRequest request, ServerResponse response) {
        String target = LocalTarget.of(request.query().first("to").orElse("/"))
                .orElseThrow(
                        () -> new CommonFailure.InvalidInput("to", "must be a plain path of this site").toException());
        String state = Tokens.random(random, 32);
        String browser = Tokens.random(random, 32);
        LoginSecrets secrets = new LoginSecrets(Tokens.random(random, 32), Tokens.random(random, 32));
        URI authorization;
        try {
            authorization = issuer.authorization(state, secrets);
        } catch (IssuerUnavailableException e) {
            LOG.warn("login_failed", LogField.REASON.of("issuer_unavailable"));
            fail(request, response, unavailable(), "unavailable");
            return;
        }
        attempts.start(state, browser, secrets, target);
        Cookies.set(response, Cookies.LOGIN, browser, LoginAttempts.LIFE);
        Replies.seeOther(response, authorization.toString());
    }

    void callback(ServerRequest request, ServerResponse response) {
        Cookies.clear(response, Cookies.LOGIN);
        try {
            Optional<LoginAttempts.Attempt> attempt = single(request, "state")
                    .flatMap(state ->
                            Cookies.read(request, Cookies.LOGIN).flatMap(browser -> attempts.take(state, browser)));
            if (attempt.isEmpty() || !issuer.fromOurIssuer(single(request, "iss"))) {
                refuse(request, response, "state");
                return;
            }
            if (request.query().contains("error")) {
                refuse(request, response, "issuer_error");
                return;
            }
            Optional<IssuerClient.SignIn> signIn = single(request, "code")
                    .flatMap(code -> issuer.exchange(code, attempt.get().secrets()));
            Optional<String> cookie = signIn.flatMap(done -> startSession(request, done));
            if (cookie.isEmpty()) {
                refuse(request, response, "exchange");
                return;
            }
            Cookies.set(response, Cookies.SESSION, cookie.get(), sessionLife);
            Replies.seeOther(response, attempt.get().target());
        } catch (IssuerUnavailableException e) {
            LOG.warn("login_failed", LogField.REASON.of("issuer_unavailable"));
            fail(request, response, unavailable(), "unavailable");
        }
    }

    void logout(ServerRequest request, ServerResponse response) {
        origin.require(request);
        Cookies.clear(response, Cookies.SESSION);
        Optional<String> cookie = Cookies.read(request, Cookies.SESSION);
        Optional<UUID> member = cookie.flatMap(sessions::find).map(Sessions.Live::member);
        cookie.flatMap(sessions::end).ifPresent(this::revoke);
        member.ifPresent(listener::signedOut);
        Replies.seeOther(response, "/");
    }

    /** The access token must pass the same judge as everybody's, and be about the person whom the id token names. */
    private Optional<String> startSession(ServerRequest request, IssuerClient.SignIn signIn) {
        return judge.judge(signIn.tokens().accessToken(), "login", "GET", CALLBACK)
                .filter(verdict -> verdict.subject().equals(signIn.subject()))
                .map(verdict -> {
                    // Whoever was signed in here before is not any more.
                    Cookies.read(request, Cookies.SESSION)
                            .flatMap(sessions::end)
                            .ifPresent(this::revoke);
                    UUID member = members.idOf(verdict.issuer(), verdict.subject());
                    listener.signedIn(member);
                    LOG.info("signed_in", LogField.MEMBER.of(member));
                    return sessions.start(
                            member,
                            signIn.tokens(),
                            verdict.expiresAt(),
                            signIn.session(),
                            BrowserName.of(request.headers()
                                            .first(HeaderNames.USER_AGENT)
                                            .orElse(""))
                                    .orElse(null));
                });
    }

    /** Our session is over already; that the issuer hears of it too is a courtesy that must not fail the sign-out. */
    void revoke(SessionTokens tokens) {
        try {
            if (tokens.refreshToken() != null) {
                issuer.revoke(tokens.refreshToken());
            }
        } catch (IssuerUnavailableException e) {
            LOG.warn("revocation_failed", LogField.REASON.of("issuer_unavailable"));
        }
    }

    private static void refuse(ServerRequest request, ServerResponse response, String reason) {
        LOG.warn("login_failed", LogField.REASON.of(reason));
        fail(request, response, new AccessFailure.LoginInvalid(), "failed");
    }

    private static void fail(ServerRequest request, ServerResponse response, Failure failure, String word) {
        if (request.headers().first(HeaderNames.ACCEPT).orElse("").contains("text/html")) {
            Replies.seeOther(response, "/?signin=" + word);
            return;
        }
        throw failure.toException();
    }

    private static Failure unavailable() {
        return new CommonFailure.Unavailable("Signing in is not possible right now.", Duration.ofSeconds(5));
    }

    /** The parameter, if it is there once and not absurdly long. */
    private static Optional<String> single(ServerRequest request, String name) {
        List<String> values = request.query().all(name, List::of);
        return values.size() == 1 && values.getFirst().length() <= LONGEST_PARAMETER
                ? Optional.of(values.getFirst())
                : Optional.empty();
    }
}
