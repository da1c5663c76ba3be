package io.vitals.health.testing;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.Workers;
import io.vitals.health.access.Access;
import io.vitals.health.access.LimitSettings;
import io.vitals.health.access.Limits;
import io.vitals.health.access.OidcSettings;
import io.vitals.health.access.SessionSettings;
import io.vitals.health.admin.MemberCensus;
import io.vitals.health.api.Api;
import io.vitals.health.api.DoorAudit;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.daily.Daily;
import io.vitals.health.daily.Refresh;
import io.vitals.health.daily.RefreshBudget;
import io.vitals.health.page.EventStream;
import io.vitals.health.page.LiveEvents;
import io.vitals.health.page.PageFiles;
import io.vitals.health.privacy.Consents;
import io.vitals.health.privacy.Erasures;
import io.vitals.health.privacy.Export;
import io.vitals.health.sahha.SahhaDeadLetters;
import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Routes;
import io.vitals.kit.limits.ConcurrencyLimit;
import io.vitals.kit.limits.RateLimiter;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.issuer.IssuerConfig;
import io.vitals.sandbox.issuer.OidcIssuer;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The public listener with real sign-in, real PostgreSQL and the sandbox issuer; the sources are stubs. */
public final class Door implements AutoCloseable {
    public static final String ORIGIN = "http://localhost:18080";
    public static final Duration IDLE = Duration.ofHours(2);
    public static final Duration ABSOLUTE = Duration.ofHours(12);
    /** So that a busy machine cuts no refresh off. */
    private static final RefreshBudget PATIENT = new RefreshBudget(
            Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ZERO);

    private static final String CLIENT_SECRET = "s+cret/with:signs";

    private final HealthDatabase database = HealthDatabase.start();
    private final MovableClock clock = new MovableClock();
    private final OidcIssuer issuer;
    private final StubWhoop whoop = new StubWhoop();
    private final Effects effects = new Effects();
    private final java.net.http.HttpClient streams = java.net.http.HttpClient.newHttpClient();
    private final List<LiveEvents.Event> changes = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StubSahha sahha = new StubSahha();
    private final Daily daily;
    private final Refresh refresh;
    private final Access access;
    private final LiveEvents events;
    private final Consents consents;
    private final AuditTrail trail;
    private final ChainWatch chain;
    private final Forgetting forgetting = new Forgetting();
    private final Erasures erasures;
    private final HttpServer server;

    /** Wide enough for every test that is not about limits. */
    private static final LimitSettings WIDE =
            new LimitSettings(1_000_000, 10_000_000, 100_000_000, 1_000_000, 256, List.of(), List.of());

    public Door(Duration accessTokenLifetime) {
        this(accessTokenLifetime, WIDE, PATIENT);
    }

    public static Door with(LimitSettings limits) {
        return new Door(Duration.ofMinutes(15), limits, PATIENT);
    }

    /** Refreshes are cut off as in production. */
    public static Door hurried() {
        return new Door(Duration.ofMinutes(15), WIDE, RefreshBudget.USUAL);
    }

    private Door(Duration accessTokenLifetime, LimitSettings limits, RefreshBudget budget) {
        issuer = OidcIssuer.start(IssuerConfig.forVitals(ORIGIN, CLIENT_SECRET, Clock.systemUTC())
                .withAccessTokenLifetime(accessTokenLifetime));
        SecureRandom random = new SecureRandom();
        trail = new AuditTrail(database.raw(), registry);
        access = new Access(
                new OidcSettings(URI.create(issuer.url()), "vitals-web", Secret.of(CLIENT_SECRET), "vitals-api"),
                new SessionSettings(Keysets.fresh(), IDLE, ABSOLUTE),
                new Limits(limits, new RateLimiter(database.raw(), clock)),
                URI.create(ORIGIN),
                database.raw().as(Workers.DOOR),
                origin -> OutboundClient.builder("issuer", origin)
                        .deadline(Duration.ofSeconds(5))
                        .build(new SimpleMeterRegistry(), Tracer.noOp()),
                Runnable::run,
                clock,
                random,
                new DoorAudit(trail));
        chain = new ChainWatch(
                database.database(),
                "health-api",
                "door",
                new AuditSettings(Duration.ofSeconds(30), Optional.empty(), Optional.empty(), Duration.ofDays(1100)),
                clock,
                registry);
        consents = new Consents(database.raw().as(Workers.CONSENTS), effects, trail, clock, registry);
        daily = new Daily(
                database.raw().as(Workers.PROJECTOR),
                whoop,
                clock,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                registry,
                Tracer.noOp());
        events = new LiveEvents(new Changes(), 50);
        Export export = new Export(
                List.of(
                        new Export.Section(
                                "health_api",
                                (member, sink) -> sink.row("", "{\"a\":1}".getBytes(StandardCharsets.UTF_8))),
                        new Export.Section("whoop_service", (member, sink) -> {
                            sink.row("", "{\"b\":1}".getBytes(StandardCharsets.UTF_8));
                            throw new IllegalStateException("source is away");
                        })),
                clock);
        erasures = new Erasures(
                database.raw(), forgetting, trail, Optional.empty(), "door", Optional.empty(), clock, random, registry);
        refresh = new Refresh(database.raw().as(Workers.PROJECTOR), daily, sahha, whoop, budget, clock, random);
        Api api = new Api(
                trail,
                chain,
                daily.records(),
                refresh,
                whoop,
                whoop,
                new MemberCensus(database.raw()),
                new SahhaDeadLetters(database.raw(), clock, () -> {}),
                consents,
                export,
                erasures,
                new PageFiles(Door.class.getClassLoader()),
                new EventStream(events, access, Duration.ofMillis(200)),
                (request, response) -> {
                    // Nothing here is signed by Sahha.
                    throw new CommonFailure.Unauthorized().toException();
                },
                registry,
                clock);
        server = HttpServer.builder(HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), random)
                .listener("public", new ListenerSettings("127.0.0.1", 0), DataSize.parse("64KiB"), routes -> {
                    routes.filter(new ConcurrencyLimit(limits.concurrent()));
                    api.register(access, routes);
                })
                .build()
                .start();
    }

    public static Door open() {
        return new Door(Duration.ofMinutes(15));
    }

    /** What followed from decisions. */
    public static final class Effects implements Consents.Effects {
        private final List<String> applied = new ArrayList<>();
        private boolean failing;

        @Override
        public synchronized void granted(UUID member) {
            apply("granted " + member);
        }

        @Override
        public synchronized void withdrawn(UUID member) {
            apply("withdrawn " + member);
        }

        private void apply(String what) {
            if (failing) {
                throw new IllegalStateException("source is away");
            }
            applied.add(what);
        }

        public synchronized void failing(boolean now) {
            failing = now;
        }

        public synchronized List<String> applied() {
            return List.copyOf(applied);
        }
    }

    private final class Changes implements LiveEvents.Source {
        @Override
        public List<LiveEvents.Event> since(UUID member, long after) {
            synchronized (changes) {
                return changes.stream().filter(e -> e.number() > after).toList();
            }
        }

        @Override
        public long newest(UUID member) {
            synchronized (changes) {
                return changes.isEmpty() ? 0 : changes.getLast().number();
            }
        }
    }

    /** A change that every member's stream tells. */
    public void change(LiveEvents.Event event) {
        synchronized (changes) {
            changes.add(event);
        }
    }

    /** Stores a merged day as the projector would. */
    public void record(String member, String date, String document) {
        database.database()
                .execute(
                        Sql.named("test-record", """
                        INSERT INTO daily_record (member, local_date, version, document, content_hash, formula_version,
                                                  whoop_version, is_final, updated_at)
                        VALUES (CAST(:member AS uuid), CAST(:date AS date), nextval('daily_change'),
                                CAST(:document AS json), CAST('x' AS bytea), '1', 0, false, now())
                        ON CONFLICT (member, local_date) DO UPDATE SET document = excluded.document
                        """), Params.of("member", member, "date", date, "document", document));
    }

    public Access access() {
        return access;
    }

    /** An event stream that stays open; its first line has arrived. */
    public AutoCloseable openStream(Account account) throws java.io.IOException, InterruptedException {
        java.net.http.HttpResponse<java.io.InputStream> response = streams.send(
                java.net.http.HttpRequest.newBuilder(
                                URI.create("http://localhost:" + port() + "/api/v1/users/me/events"))
                        .header("Authorization", "Bearer " + token(account))
                        .build(),
                java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200 || response.body().read() < 0) {
            throw new AssertionError("no stream: " + response.statusCode());
        }
        return response.body();
    }

    public Browser browser() {
        return new Browser("http://localhost:" + server.port("public"), ORIGIN);
    }

    public String token(Account account) {
        return issuer.accessTokenFor(account);
    }

    public OidcIssuer issuer() {
        return issuer;
    }

    public HealthDatabase database() {
        return database;
    }

    /** How often the database statement of this name has run. */
    public long statements(String name) {
        return database.statements(name);
    }

    public MovableClock clock() {
        return clock;
    }

    public StubWhoop whoop() {
        return whoop;
    }

    /** What the routes count. */
    public SimpleMeterRegistry registry() {
        return registry;
    }

    public Daily daily() {
        return daily;
    }

    public StubSahha sahha() {
        return sahha;
    }

    public Effects effects() {
        return effects;
    }

    /** The other places that know a member. */
    public final class Forgetting implements Erasures.Sources {
        private final List<String> asked = new ArrayList<>();
        private boolean whoopDone = true;

        @Override
        public synchronized void endSahha(UUID member) {
            asked.add("sahha " + member);
        }

        @Override
        public synchronized Erasures.Removed eraseWhoop(UUID member, UUID receipt) {
            asked.add("whoop " + member);
            return new Erasures.Removed(whoopDone, Map.of("cycle", 3L));
        }

        @Override
        public void forgotten(UUID member) {
            access.forget(member);
        }

        public synchronized void whoopDone(boolean now) {
            whoopDone = now;
        }

        public synchronized List<String> asked() {
            return List.copyOf(asked);
        }
    }

    public Forgetting forgetting() {
        return forgetting;
    }

    public Erasures erasures() {
        return erasures;
    }

    public AuditTrail trail() {
        return trail;
    }

    public ChainWatch chain() {
        return chain;
    }

    public Consents consents() {
        return consents;
    }

    public LiveEvents events() {
        return events;
    }

    public List<Routes.Entry> routes() {
        return server.routes("public");
    }

    public int port() {
        return server.port("public");
    }

    @Override
    public void close() {
        events.close();
        server.close();
        refresh.close();
        access.close();
        issuer.close();
        database.close();
    }
}
