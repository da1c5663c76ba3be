package io.vitals.whoop.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Connects members with their WHOOP accounts and takes them apart again. */
public final class Links {
    private static final EventLog LOG = EventLog.of(Links.class);
    private static final Duration STATE_LIFETIME = Duration.ofMinutes(10);

    private final Database database;
    private final LinkRepository links = new LinkRepository();
    private final TokenAccess tokens;
    private final WhoopApi api;
    private final OAuthSettings settings;
    private final List<LinkListener> listeners;
    private final Revocations revocations;
    private final SecureRandom random;
    private final Map<String, Counter> authorizations = new HashMap<>();
    private final Map<String, AtomicLong> tokenGauges = new HashMap<>();

    public Links(
            Database database,
            TokenAccess tokens,
            WhoopApi api,
            OAuthSettings settings,
            List<LinkListener> listeners,
            SecureRandom random,
            MeterRegistry registry) {
        this.database = database;
        this.tokens = tokens;
        this.api = api;
        this.settings = settings;
        this.listeners = List.copyOf(listeners);
        this.revocations = new Revocations(database, tokens, api);
        this.random = random;
        for (String outcome : new String[] {"success", "denied", "error"}) {
            authorizations.put(
                    outcome,
                    Counter.builder("whoop.oauth.authorizations")
                            .description("Connection attempts that came back, by outcome")
                            .tag("outcome", outcome)
                            .register(registry));
        }
        for (String state : new String[] {"active", "expiring", "expired", "revoked"}) {
            AtomicLong gauge = tokenGauges.computeIfAbsent(state, _ -> new AtomicLong());
            Gauge.builder("whoop.oauth.tokens", gauge, AtomicLong::get)
                    .description("Links by the state of their tokens")
                    .tag("state", state)
                    .register(registry);
        }
    }

    /**
     * Begins a connection.
     *
     * @param sessionBinding hash of the browser session; the callback must come with the same
     */
    public Authorization start(MemberId member, String sessionBinding) {
        String state = Tokens.random(random, 32);
        String verifier = Tokens.random(random, 32);
        byte[] sealed = tokens.vault().seal(member, TokenVault.VERIFIER, Secret.of(verifier));
        Instant expires = StateRepository.add(database, state, member, sessionBinding, sealed, STATE_LIFETIME);
        StateRepository.purge(database);
        return new Authorization(authorizeUrl(state, verifier), expires);
    }

    private URI authorizeUrl(String state, String verifier) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", settings.clientId());
        query.put("redirect_uri", settings.redirectUri().toString());
        query.put("scope", String.join(" ", OAuthSettings.SCOPES));
        query.put("state", state);
        if (settings.pkce()) {
            query.put("code_challenge", Tokens.base64Url(Digests.sha256(verifier.getBytes(StandardCharsets.US_ASCII))));
            query.put("code_challenge_method", "S256");
        }
        return URI.create(settings.authorizeUrl() + "?"
                + query.entrySet().stream()
                        .map(field -> field.getKey() + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&")));
    }

    /**
     * Ends a connection attempt with what WHOOP sent back to the browser.
     *
     * @param code the authorization code; null when WHOOP sent an error
     * @param error WHOOP's error code; null when it sent a code
     * @throws io.vitals.kit.http.FailureException with a {@link LinkFailure}
     */
    public LinkStatus callback(
            MemberId member, String state, String sessionBinding, @Nullable String code, @Nullable String error) {
        Optional<byte[]> sealed = StateRepository.use(database, state, member, sessionBinding);
        if (sealed.isEmpty() || (code == null && error == null)) {
            throw failed(member, LinkFailure.STATE_INVALID);
        }
        if (code == null || error != null) {
            throw failed(member, LinkFailure.DENIED);
        }
        Secret verifier = tokens.vault().open(member, TokenVault.VERIFIER, sealed.get());
        if (!(tokens.endpoint().exchange(code, verifier) instanceof TokenReply.Issued(TokenPair pair))) {
            throw failed(member, LinkFailure.EXCHANGE_FAILED);
        }
        long account = accountOf(member, pair.access());
        connect(member, account, pair);
        count("success");
        LOG.info("link_connected", LogField.MEMBER.of(member.value()));
        return status(member);
    }

    /** Without the account's number no webhook would find its member, so there is no link without it. */
    private long accountOf(MemberId member, Secret access) {
        try {
            if (api.profile(access, Lane.MEMBER) instanceof Answer.Found(byte[] profile)) {
                return Records.accountOf(profile);
            }
        } catch (UnreadableDocument _) {
            // Falls through: the same failure as no profile at all.
        }
        throw failed(member, LinkFailure.EXCHANGE_FAILED);
    }

    private void connect(MemberId member, long account, TokenPair pair) {
        Transitions.Connected made;
        try {
            made = tokens.transitions().connect(member, account, tokens.seal(member, pair), listeners);
        } catch (DatabaseException e) {
            if (e.constraint().equals(LinkRepository.ONE_MEMBER_PER_ACCOUNT)) {
                throw failed(member, LinkFailure.LINKED_ELSEWHERE);
            }
            throw e;
        }
        if (made.kind() == Transitions.Kind.OTHER_ACCOUNT) {
            made.former().ifPresent(revocations::ofReplaced);
        }
    }

    private RuntimeException failed(MemberId member, LinkFailure failure) {
        count(failure == LinkFailure.DENIED ? "denied" : "error");
        tokens.transitions().refused(member, failure);
        LOG.info("link_refused", LogField.MEMBER.of(member.value()), LogField.REASON.of(failure));
        return failure.toException();
    }

    private void count(String outcome) {
        Counter counter = authorizations.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    /** The member's link; state none if there never was one. */
    public LinkStatus status(MemberId member) {
        return links.find(database, member).map(LinkStatus::of).orElse(LinkStatus.NONE);
    }

    /**
     * Ends the link: from the commit on nobody works with it, then WHOOP is told, then the tokens are destroyed. If WHOOP cannot be told now,
     * it is told later and the tokens live until then.
     */
    public LinkStatus disconnect(MemberId member) {
        tokens.transitions().revoke(member, listeners).ifPresent(ended -> {
            LOG.info("link_disconnected", LogField.MEMBER.of(member.value()));
            revocations.nowOrLater(ended);
        });
        return status(member);
    }

    /** Tells WHOOP of disconnections it has not confirmed; returns whether there was one. */
    public boolean revokeOverdue() {
        return revocations.overdue();
    }

    /** Refreshes the gauges of links by token state. */
    public void measure() {
        Map<String, Long> counts =
                links.count(database).stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        tokenGauges.forEach((state, gauge) -> gauge.set(counts.getOrDefault(state, 0L)));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
