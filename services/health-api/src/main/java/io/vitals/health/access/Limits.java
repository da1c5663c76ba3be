package io.vitals.health.access;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.limits.AddressRange;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.Decision;
import io.vitals.kit.limits.Quota;
import io.vitals.kit.limits.RateLimiter;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How much each caller gets: a key for itself, a member for all their browsers and tokens together, and who is not known by the address.
 */
public final class Limits {
    private static final EventLog LOG = EventLog.of(Limits.class);
    private static final String FAILED = "failed";
    private static final HeaderName LIMIT = HeaderNames.create("RateLimit-Limit");
    private static final HeaderName REMAINING = HeaderNames.create("RateLimit-Remaining");
    private static final HeaderName RESET = HeaderNames.create("RateLimit-Reset");
    private static final HeaderName POLICY = HeaderNames.create("RateLimit-Policy");

    private final RateLimiter limiter;
    private final ClientAddresses addresses;
    private final List<AddressRange> adminAddresses;
    private final Quota usual;
    private final Quota failed;
    /** Said with every answer, and always the same. */
    private final String usualPolicy;

    /**
     * Takes the counters that all replicas share.
     *
     * @throws IllegalArgumentException when a range of the settings is none
     */
    public Limits(LimitSettings settings, RateLimiter limiter) {
        this.limiter = limiter;
        this.addresses = new ClientAddresses(settings.trustedProxies());
        this.adminAddresses =
                settings.adminAddresses().stream().map(AddressRange::parse).toList();
        this.usual = Quota.of(settings.perMinute(), settings.perHour(), settings.perDay());
        this.usualPolicy = usual.policy();
        this.failed = new Quota(List.of(new Quota.Window(settings.failedPerMinute(), Duration.ofMinutes(1))));
    }

    /** Counts a request of a known caller, or throws. */
    void caller(Caller caller, ServerResponse response) {
        Decision decision = caller.key()
                .map(key -> limiter.take("key", bytes(key.id()), usual))
                .orElseGet(() -> limiter.take("member", bytes(caller.member()), usual));
        tell(decision, response);
    }

    /** Counts a request of nobody in particular, or throws. */
    void visitor(ServerRequest request, ServerResponse response) {
        tell(limiter.take("address", source(request), usual), response);
    }

    /** Counts a proof of identity that was none, or throws what is worse than that. */
    void failed(ServerRequest request) {
        Decision decision = limiter.take(FAILED, source(request), failed);
        if (!decision.allowed()) {
            throw refusal(decision, failed);
        }
    }

    /** Throws when too many bad tokens or keys came from this address, before another one is looked at. */
    void notShut(ServerRequest request) {
        byte[] source = source(request);
        if (limiter.refused(FAILED, source, failed)) {
            throw refusal(limiter.take(FAILED, source, failed), failed);
        }
    }

    /** Throws when a right that only admins or auditors have is used from where they may not. */
    void elevated(ServerRequest request, Rule rule, Set<Role> roles) {
        boolean elevated = !rule.roles().equals(Set.of(Role.values()))
                && rule.roles().stream().anyMatch(role -> role != Role.MEMBER && roles.contains(role));
        if (!elevated || adminAddresses.isEmpty()) {
            return;
        }
        InetAddress address = addresses.of(request);
        if (adminAddresses.stream().noneMatch(range -> range.contains(address))) {
            LOG.warn("admin_address_refused", LogField.ROUTE.of(rule.route()));
            throw new CommonFailure.Forbidden("Not from this address.").toException();
        }
    }

    void forget() {
        limiter.forget();
    }

    private void tell(Decision decision, ServerResponse response) {
        if (!decision.allowed()) {
            throw refusal(decision, usual);
        }
        response.header(LIMIT, Integer.toString(decision.limit()));
        response.header(REMAINING, Long.toString(decision.remaining()));
        response.header(RESET, seconds(decision.reset()));
        response.header(POLICY, usualPolicy);
    }

    private static RuntimeException refusal(Decision decision, Quota quota) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(LIMIT.defaultCase(), Integer.toString(decision.limit()));
        headers.put(REMAINING.defaultCase(), "0");
        headers.put(RESET.defaultCase(), seconds(decision.reset()));
        headers.put(POLICY.defaultCase(), quota.policy());
        return new AccessFailure.LimitReached(decision.retryAfter(), headers).toException();
    }

    /** Rounded up: who comes back then is not too early. */
    private static String seconds(Duration time) {
        return Long.toString(time.plusNanos(999_999_999).toSeconds());
    }

    private byte[] source(ServerRequest request) {
        return ClientAddresses.source(addresses.of(request));
    }

    private static byte[] bytes(UUID id) {
        return id.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
