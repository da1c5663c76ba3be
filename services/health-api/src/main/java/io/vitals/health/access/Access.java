package io.vitals.health.access;

import com.nimbusds.jose.jwk.JWKSet;
import io.vitals.health.keys.ApiKeys;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.http.Routes;
import io.vitals.kit.outbound.OutboundClient;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The door of health-api. Nothing here needs the issuer at the start: its metadata and keys are fetched when first
 * needed and kept.
 */
public final class Access implements AutoCloseable {
    private final OutboundIssuerTransport transport;
    private final LoginAttempts attempts;
    private final Sessions sessions;
    private final Members members;
    private final Authenticator authenticator;
    private final BrowserLogin login;
    private final BackChannelLogout backChannel;
    private final MemberSessions memberSessions;
    private final ApiKeys keys;
    private final Limits limits;
    private final Clock clock;
    private final DoorListener listener;
    private volatile boolean pathsTrusted;

    /**
     * Builds the door.
     *
     * @param limits how much callers may ask for
     * @param publicUrl where browsers find us; the origin of our page
     * @param clients makes a bounded client for an origin of the issuer
     * @param background runs the renewal of signing keys beside requests
     * @param listener is told of sign-ins, sign-outs and refusals
     */
    public Access(
            OidcSettings oidc,
            SessionSettings session,
            Limits limits,
            URI publicUrl,
            Database database,
            Function<URI, OutboundClient> clients,
            Executor background,
            Clock clock,
            SecureRandom random,
            DoorListener listener) {
        this.clock = clock;
        this.listener = listener;
        this.limits = limits;
        this.transport = new OutboundIssuerTransport(clients);
        Envelope envelope = Envelope.fromKeyset(session.keyset());
        IssuerMetadata metadata = new IssuerMetadata(oidc.issuer(), transport, clock);
        Function<JWKSet, ProviderChain> chains = set -> ProviderChain.of(oidc, set);
        SigningKeys signingKeys =
                new SigningKeys(() -> metadata.get().getJWKSetURI(), transport, chains, clock, background);
        TokenJudge judge = new TokenJudge(oidc, signingKeys, clock);
        IssuerClient issuer =
                new IssuerClient(oidc, publicUrl.resolve("/auth/callback"), metadata, signingKeys, transport);
        this.members = new Members(database, clock, random);
        OriginCheck origin = new OriginCheck(publicUrl);
        this.attempts = new LoginAttempts(database, envelope, clock);
        this.sessions = new Sessions(database, envelope, session, clock, random);
        SessionTokenSource tokens = new SessionTokenSource(sessions, issuer, judge, clock);
        this.backChannel = new BackChannelLogout(oidc, signingKeys, database, members, sessions, clock);
        this.keys = new ApiKeys(database, clock, random);
        this.authenticator = new Authenticator(judge, members, tokens, origin, this.keys);
        this.login = new BrowserLogin(
                issuer, attempts, sessions, members, judge, origin, random, session.absoluteTimeout(), listener);
        this.memberSessions = new MemberSessions(sessions, login::revoke);
    }

    /** Routes under a policy table; the sign-in's own routes are registered, the rest is for the caller. */
    public GuardedRoutes guard(Routes routes, List<Rule> table) {
        return new GuardedRoutes(routes, authenticator, limits, table, listener, () -> pathsTrusted)
                .anyone("GET", "/auth/login", login::login)
                .anyone("GET", "/auth/callback", login::callback)
                .anyone("POST", "/auth/logout", login::logout)
                .anyone("POST", "/auth/backchannel-logout", backChannel::receive);
    }

    /** Switches the check of ownership off, so that a test can show that row-level security holds without it. Nothing else calls it. */
    void trustPaths() {
        pathsTrusted = true;
    }

    /** Whether a caller let in before would still be; for answers that last. */
    public boolean still(Caller caller) {
        return authenticator.still(caller, clock);
    }

    /** Forgets what is remembered of a member who is no more; their next sign-in is a first one. */
    public void forget(UUID member) {
        members.forget(member);
    }

    /** Where members are signed in. */
    public MemberSessions sessions() {
        return memberSessions;
    }

    /** The keys that callers may come with. */
    public ApiKeys keys() {
        return keys;
    }

    /** Drops what is over: sessions, keys and unfinished sign-ins. */
    public void purge() {
        attempts.purge();
        sessions.purge();
        backChannel.purge();
        keys.purge();
        limits.forget();
    }

    @Override
    public void close() {
        transport.close();
    }
}
