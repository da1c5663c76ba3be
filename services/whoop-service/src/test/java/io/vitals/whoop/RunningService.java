package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.http.DeadlineFilter;
import io.vitals.kit.json.Json;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.management.Probes;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import io.vitals.kit.signing.RequestSigner;
import io.vitals.sandbox.member.Almanac;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.whoop.WhoopSimulator;
import io.vitals.sandbox.whoop.WhoopSimulatorConfig;
import io.vitals.whoop.support.Keys;
import io.vitals.whoop.support.TestDatabases;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The whole service on free ports with a database of its own, a simulated WHOOP that sends it webhooks, and a signing caller. */
final class RunningService implements AutoCloseable {
    static final String CLIENT_ID = "vitals-test";
    static final String CLIENT_SECRET = "test-client-secret";
    static final String PREVIOUS_SECRET = "test-client-secret-before";
    private static final int NEVER = 10_000;

    static final URI REDIRECT = URI.create("http://localhost:8080/api/v1/links/whoop/callback");
    static final String BINDING = Tokens.base64Url(Digests.sha256("session".getBytes(StandardCharsets.UTF_8)));

    /** Simulated accounts, numbered from 1. */
    static final int PEOPLE = 13;

    private static final Clock CLOCK = Clock.systemUTC();

    private final SandboxDatabase sandbox;
    private final WhoopSimulator whoop;
    private final Keys.Caller caller = Keys.caller();
    private final Secret keyset = Keys.keyset();
    private final SecureRandom random = new SecureRandom();
    private MeterRegistry registry;
    private Database database;
    private final ServiceTuning tuning;
    private final Tracer tracer;
    private Duration upstreamDeadline = Duration.ofSeconds(5);
    private URI apiBaseUrl;
    private URI tokenUrl;
    private Lifecycle lifecycle;
    private WhoopService service;
    private OutboundClient internal;

    private RunningService(
            UnaryOperator<WhoopSimulatorConfig> simulator, ServiceTuning tuning, Tracer tracer, MeterRegistry meters) {
        this.tuning = tuning;
        this.tracer = tracer;
        registry = meters;
        sandbox = TestDatabases.migrated();
        database = TestDatabases.open(sandbox, meters);
        whoop = WhoopSimulator.start(
                simulator.apply(WhoopSimulatorConfig.of(CLIENT_ID, CLIENT_SECRET, REDIRECT.toString())
                        .withQuota(5_000, 1_000_000)
                        .withWebhookTimeFactor(0.01)),
                Population.of(11, PEOPLE, CLOCK, Almanac.pinned(LocalDate.now(CLOCK))));
        apiBaseUrl = whoop.apiBaseUrl();
        tokenUrl = whoop.tokenUrl();
        lifecycle = newLifecycle();
        service = launch();
        internal = connect();
    }

    static RunningService start() {
        return start(config -> config);
    }

    static RunningService start(UnaryOperator<WhoopSimulatorConfig> simulator) {
        return new RunningService(simulator, ServiceTuning.USUAL, Tracer.noOp(), new SimpleMeterRegistry());
    }

    static RunningService traced(Tracer tracer) {
        return new RunningService(config -> config, ServiceTuning.USUAL, tracer, new SimpleMeterRegistry());
    }

    /** Its meters go to a registry that somebody shows. */
    static RunningService start(MeterRegistry meters) {
        return new RunningService(config -> config, ServiceTuning.USUAL, Tracer.noOp(), meters);
    }

    static RunningService start(ServiceTuning tuning) {
        return start(tuning, config -> config);
    }

    static RunningService start(ServiceTuning tuning, UnaryOperator<WhoopSimulatorConfig> simulator) {
        return new RunningService(simulator, tuning, Tracer.noOp(), new SimpleMeterRegistry());
    }

    /** Another replica on the same database. */
    AutoCloseable replica() {
        Lifecycle other = newLifecycle();
        WhoopService.start(
                settings(),
                TestDatabases.open(sandbox),
                new SimpleMeterRegistry(),
                Tracer.noOp(),
                probes(),
                other,
                CLOCK,
                random);
        return other;
    }

    private WhoopService launch() {
        WhoopService started =
                WhoopService.start(settings(), database, registry, tracer, probes(), lifecycle, CLOCK, random);
        whoop.control()
                .webhookTargets(List.of(URI.create("http://127.0.0.1:" + started.port("public") + "/webhooks/whoop")));
        return started;
    }

    private OutboundClient connect() {
        return caller(Duration.ofSeconds(30));
    }

    /** Another signing caller, who waits so long for an answer; to be closed. */
    OutboundClient caller(Duration deadline) {
        return OutboundClient.builder("internal", URI.create("http://127.0.0.1:" + service.port("internal")))
                .deadline(deadline)
                .connectTimeout(Duration.ofSeconds(2))
                .maxBody(DataSize.parse("4MiB"))
                // A test asks as often as it likes, whatever it is answered.
                .circuitVolume(NEVER)
                .signer(RequestSigner.fromJwk(caller.privateJwk(), CLOCK, random))
                .build(registry, Tracer.noOp());
    }

    /** Stops the service and starts it again, calling the API elsewhere and waiting so long for its answers. */
    void restart(URI api, Duration deadline) {
        restart(api, whoop.tokenUrl(), deadline);
    }

    void restart(URI api, URI tokens, Duration deadline) {
        apiBaseUrl = api;
        tokenUrl = tokens;
        upstreamDeadline = deadline;
        restart();
    }

    /** Stops the service and starts it again on the same data. */
    void restart() {
        internal.close();
        lifecycle.close();
        // A registry keeps the gauges of who registered first.
        registry = new SimpleMeterRegistry();
        lifecycle = newLifecycle();
        service = launch();
        internal = connect();
    }

    /**
     * Drops the service without letting anything end, as a kill does: from here on nothing of it reaches the database. Then starts it anew.
     * Pages that were under way come back when their claims run out.
     *
     * @param meanwhile what happens to the data before it is back
     */
    void crash(Consumer<Database> meanwhile) {
        database.close();
        Lifecycle dead = lifecycle;
        internal.close();
        lifecycle = newLifecycle();
        database = TestDatabases.open(sandbox);
        meanwhile.accept(database);
        service = launch();
        internal = connect();
        dead.close();
    }

    private static Probes probes() {
        return new Probes(CLOCK);
    }

    private static Lifecycle newLifecycle() {
        return new Lifecycle(probes(), Duration.ZERO);
    }

    private WhoopServiceSettings settings() {
        return tuning.settings(sandbox, whoop, apiBaseUrl, tokenUrl, upstreamDeadline, keyset, caller);
    }

    List<String> audited(UUID member) {
        return Rows.audited(sandbox, member);
    }

    WhoopSimulator whoop() {
        return whoop;
    }

    Database database() {
        return database;
    }

    SandboxDatabase sandbox() {
        return sandbox;
    }

    Secret keyset() {
        return keyset;
    }

    MeterRegistry registry() {
        return registry;
    }

    URI webhookUrl() {
        return URI.create("http://127.0.0.1:" + service.port("public") + "/webhooks/whoop");
    }

    URI internalUrl() {
        return URI.create("http://127.0.0.1:" + service.port("internal"));
    }

    OutboundResponse call(OutboundRequest request) {
        return internal.send(request);
    }

    JsonNode get(String path, String... query) {
        OutboundRequest request = OutboundRequest.get("test", path);
        for (int i = 0; i < query.length; i += 2) {
            request = request.query(query[i], query[i + 1]);
        }
        OutboundResponse response = call(request);
        if (response.status() != 200) {
            throw new AssertionError(response.status() + " " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return Json.tree(response.body());
    }

    /** A signed GET whose caller waits longer than it says. */
    HttpResponse<String> getTelling(Duration said, Duration patience, String path, String query)
            throws IOException, InterruptedException {
        String millis = Long.toString(said.toMillis());
        URI base = internalUrl();
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path + "?" + query))
                .timeout(patience)
                .header(DeadlineFilter.HEADER, millis);
        RequestSigner.fromJwk(caller.privateJwk(), CLOCK, random)
                .sign(
                        "GET",
                        base.getRawAuthority(),
                        path,
                        query,
                        "",
                        new byte[0],
                        Map.of(DeadlineFilter.HEADER.toLowerCase(Locale.ROOT), millis))
                .forEach(request::header);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    OutboundResponse post(String path, Map<String, @Nullable Object> body) {
        return call(OutboundRequest.post("test", path).body(Json.write(body), "application/json"));
    }

    /** Starts an authorization and returns its URL. */
    URI authorizationUrl(UUID member) {
        OutboundResponse started = post("/internal/v1/links/" + member, Map.of("session_binding", BINDING));
        if (started.status() != 201) {
            throw new AssertionError(started.status() + " " + new String(started.body(), StandardCharsets.UTF_8));
        }
        return URI.create(Json.tree(started.body()).path("authorization_url").asText());
    }

    OutboundResponse callback(UUID member, URI sentBack, String binding) {
        Map<String, @Nullable Object> body = new HashMap<>();
        for (String pair : sentBack.getRawQuery().split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (List.of("code", "state", "error").contains(parts[0])) {
                body.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        body.put("session_binding", binding);
        return post("/internal/v1/links/" + member + "/callback", body);
    }

    /** Connects a new member with the simulated account. */
    UUID connect(int account) {
        return connect(UUID.randomUUID(), account);
    }

    UUID connect(UUID member, int account) {
        OutboundResponse linked = callback(member, whoop.approve(authorizationUrl(member), account), BINDING);
        if (linked.status() != 200) {
            throw new AssertionError(linked.status() + " " + new String(linked.body(), StandardCharsets.UTF_8));
        }
        return member;
    }

    JsonNode link(UUID member) {
        return get("/internal/v1/links/" + member);
    }

    @Override
    public void close() {
        internal.close();
        lifecycle.close();
        whoop.close();
        database.close();
    }
}
