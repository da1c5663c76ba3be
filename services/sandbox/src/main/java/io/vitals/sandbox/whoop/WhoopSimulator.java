package io.vitals.sandbox.whoop;

import io.vitals.sandbox.control.ControlModule;
import io.vitals.sandbox.http.LocalServer;
import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.member.Population;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The WHOOP developer platform: {@code /oauth/oauth2/auth}, {@code /oauth/oauth2/token}, {@code /developer/v2/…}
 * and signed webhooks, about the people of a population. It refuses to start under a production profile.
 */
public final class WhoopSimulator implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final Place place;
    private final LocalServer server;
    private final Webhooks webhooks;
    private final ScheduledThreadPoolExecutor ticker;
    private final Authorizer authorizer;
    private final WhoopControl control;

    private WhoopSimulator(WhoopSimulatorConfig config, Population people, SecureRandom random) {
        place = config.place();
        Faults faults = new Faults(people.clock());
        Counters counters = new Counters();
        Quota quota = new Quota(people.clock(), config.quotaPerMinute(), config.quotaPerDay());
        Grants grants = new Grants(people.clock(), random, config.tokenLifetime(), config.stateFile());
        webhooks = new Webhooks(config, people.clock().base(), random);
        EventPump pump = new EventPump(people, grants, webhooks);
        Exchange exchange = new Exchange(faults, counters, quota::exhausted);
        authorizer = new Authorizer(config, grants, people, random);
        control = new WhoopControl(people, grants, faults, webhooks, pump, quota, counters);
        server = LocalServer.start(
                place,
                config.port(),
                routing -> routing.register(
                                "/oauth/oauth2", new OAuthRoutes(config, authorizer, grants, exchange, pump::look))
                        .register("/developer", new ApiRoutes(people, grants, quota, exchange)));
        ticker = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().factory());
        var _ = ticker.scheduleWithFixedDelay(
                pump::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts on the configured port. */
    public static WhoopSimulator start(WhoopSimulatorConfig config, Population people) {
        if (config.profile().equals("production")) {
            throw new IllegalStateException("the WHOOP simulator does not run under a production profile");
        }
        return new WhoopSimulator(config, people, new SecureRandom());
    }

    public URI url() {
        return place.forPrograms(server.port());
    }

    /** What a client takes as its API base; paths go on with {@code /v2/…}. */
    public URI apiBaseUrl() {
        return url().resolve("/developer");
    }

    public URI authorizeUrl() {
        return url().resolve("/oauth/oauth2/auth");
    }

    public URI tokenUrl() {
        return url().resolve("/oauth/oauth2/token");
    }

    public WhoopControl control() {
        return control;
    }

    /** The simulator's part of the control page. */
    public ControlModule controlModule() {
        return new WhoopControlModule(control);
    }

    /**
     * Plays a member who opens the authorization URL and allows: the URL the browser would be sent back to, with code and
     * state, or with the error of a request that WHOOP refuses.
     *
     * @throws IllegalArgumentException when WHOOP would not send the browser back
     */
    public URI approve(URI authorizationUrl, int member) {
        return decide(authorizationUrl, true, member);
    }

    /** As {@link #approve}, but the member denies. */
    public URI deny(URI authorizationUrl) {
        return decide(authorizationUrl, false, 1);
    }

    private URI decide(URI authorizationUrl, boolean allowed, int member) {
        Map<String, String> query = new HashMap<>();
        for (String pair : authorizationUrl.getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        Authorizer.Outcome outcome = authorizer.begin(query::get);
        if (outcome instanceof Authorizer.Outcome.Ask(Authorizer.Consent consent)) {
            outcome = authorizer.decide(consent.id(), allowed, member);
        }
        return switch (outcome) {
            case Authorizer.Outcome.SendBack(String location) -> URI.create(location);
            case Authorizer.Outcome.Stay(String error, String why) ->
                throw new IllegalArgumentException(error + ": " + why);
            case Authorizer.Outcome.Ask _ -> throw new IllegalStateException("asked twice");
        };
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        webhooks.close();
        server.close();
    }
}
