package io.vitals.health;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.access.Access;
import io.vitals.health.access.DoorListener;
import io.vitals.health.access.Limits;
import io.vitals.health.admin.MemberCensus;
import io.vitals.health.api.Api;
import io.vitals.health.api.DoorAudit;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.country.CountryRule;
import io.vitals.health.daily.Daily;
import io.vitals.health.daily.Refresh;
import io.vitals.health.daily.RefreshBudget;
import io.vitals.health.page.EventStream;
import io.vitals.health.page.LiveEvents;
import io.vitals.health.page.PageFiles;
import io.vitals.health.privacy.Consents;
import io.vitals.health.privacy.Erasures;
import io.vitals.health.privacy.Export;
import io.vitals.health.privacy.Retention;
import io.vitals.health.sahha.SahhaService;
import io.vitals.health.whoop.HttpWhoopAdmin;
import io.vitals.health.whoop.HttpWhoopService;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.ConcurrencyLimit;
import io.vitals.kit.limits.RateLimiter;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.signing.RequestSigner;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** All parts of the service, put together. */
final class HealthApi {
    private static final DataSize LARGEST_REQUEST = DataSize.parse("256KiB");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ISSUER_DEADLINE = Duration.ofSeconds(2);
    private static final Duration WHOOP_DEADLINE = Duration.ofSeconds(8);
    private static final Duration FEED_WAIT = Duration.ofSeconds(10);
    private static final Duration FEED_STALE = Duration.ofMinutes(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration EVENT_POLL = Duration.ofMillis(500);
    private static final Duration VERIFY = Duration.ofHours(1);
    private static final Duration RETENTION = Duration.ofHours(6);
    private static final int MOST_LISTENERS = 500;

    private final HealthApiSettings settings;
    private final Database database;
    private final MeterRegistry registry;
    private final Tracer tracer;
    private final Lifecycle lifecycle;
    private final Clock clock;
    private final SecureRandom random;

    HealthApi(
            HealthApiSettings settings,
            Database database,
            MeterRegistry registry,
            Tracer tracer,
            Lifecycle lifecycle,
            Clock clock,
            SecureRandom random) {
        this.settings = settings;
        this.database = database;
        this.registry = registry;
        this.tracer = tracer;
        this.lifecycle = lifecycle;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Starts everything and registers it with the lifecycle, in the order that makes stopping safe: streams and
     * listeners first, then workers, then what they use.
     *
     * @return the listener
     */
    HttpServer start() {
        RequestSigner signer = RequestSigner.fromJwk(settings.whoop().signingKey(), clock, random);
        OutboundClient whoopCalls = whoopClient("whoop-service", signer, WHOOP_DEADLINE);
        HttpWhoopService whoop =
                new HttpWhoopService(whoopCalls, whoopClient("whoop-feed", signer, FEED_WAIT.plus(WHOOP_DEADLINE)));
        Daily daily = lifecycle.onStop(
                "daily",
                new Daily(database.as(Workers.PROJECTOR), whoop, clock, FEED_WAIT, FEED_STALE, registry, tracer));
        SahhaService sahha = lifecycle.onStop(
                "sahha",
                new SahhaService(
                        database.as(Workers.SAHHA),
                        settings.sahha(),
                        Envelope.fromKeyset(settings.session().keyset()),
                        daily.sahhaListener(),
                        new ClientAddresses(settings.limits().trustedProxies()),
                        clock,
                        random,
                        registry,
                        tracer));
        Refresh refresh = lifecycle.onStop(
                "refresh",
                new Refresh(database.as(Workers.PROJECTOR), daily, sahha, whoop, RefreshBudget.USUAL, clock, random));
        AuditTrail trail = new AuditTrail(database, registry);
        ChainWatch chain = lifecycle.onStop("audit checkpoints", chain());
        Consents consents =
                new Consents(database.as(Workers.CONSENTS), new ConsentEffects(whoop, sahha), trail, clock, registry);
        Export export = new Export(ExportSections.all(database, trail, whoop), clock);
        Access access = access(new DoorAudit(trail));
        Erasures erasures = new Erasures(
                database,
                new ErasureSources(whoop, sahha, access),
                trail,
                settings.audit().checkpointDirectory(),
                Tokens.random(random, 9),
                chain.key(),
                clock,
                random,
                registry);
        LiveEvents events = new LiveEvents(new DailyEvents(daily.records()), MOST_LISTENERS);
        Api api = new Api(
                trail,
                chain,
                daily.records(),
                refresh,
                whoop,
                new HttpWhoopAdmin(whoopCalls),
                new MemberCensus(database),
                sahha.deadLetters(),
                consents,
                export,
                erasures,
                new PageFiles(HealthApi.class.getClassLoader()),
                new EventStream(events, access, HEARTBEAT),
                sahha.webhook(),
                registry,
                clock);
        CountryRule country = lifecycle.onStop(
                "country rule",
                CountryRule.of(settings.country(), settings.limits().trustedProxies(), registry));
        HttpServer server = HttpServer.builder(HttpSettings.defaults(), registry, tracer, random)
                .listener("public", settings.public_(), LARGEST_REQUEST, routes -> {
                    routes.filter(country);
                    routes.filter(new ConcurrencyLimit(settings.limits().concurrent()));
                    api.register(access, routes);
                })
                .build();

        daily.start();
        sahha.start();
        lifecycle.onStop(
                "consent effects", Worker.start("consent-effects", Duration.ofSeconds(10), consents::applyPending));
        lifecycle.onStop("erasures", Worker.start("erasures", Duration.ofSeconds(1), erasures::step));
        Retention retention = new Retention(database.as(Workers.RETENTION), settings.retention(), clock);
        lifecycle.onStop("retention", Worker.start("retention", RETENTION, () -> {
            chain.expire();
            return retention.step();
        }));
        lifecycle.onStop("session purge", Worker.start("session-purge", Duration.ofMinutes(5), () -> {
            access.purge();
            return false;
        }));
        lifecycle.onStop(
                "audit checkpoint", Worker.start("audit-checkpoint", chain.checkpointInterval(), chain::checkpoint));
        lifecycle.onStop("audit verification", Worker.start("audit-verification", VERIFY, chain::verify));
        lifecycle.onStop("event poll", Worker.start("event-poll", EVENT_POLL, events::poll));
        lifecycle.onStop("listeners", server.start());
        // Closed before the listeners, which would else wait for the open streams.
        lifecycle.onStop("event streams", events);
        return server;
    }

    private OutboundClient whoopClient(String name, RequestSigner signer, Duration deadline) {
        return lifecycle.onStop(
                name,
                HttpWhoopService.client(name, settings.whoop().internalUrl())
                        .deadline(deadline)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .maxBody(DataSize.parse("8MiB"))
                        // A replica that dies is replaced within moments, and somebody waits here.
                        .circuitDelay(Duration.ofSeconds(1))
                        .signer(signer)
                        .build(registry, tracer));
    }

    private Access access(DoorListener listener) {
        ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
        lifecycle.onStop("access background", background);
        return lifecycle.onStop(
                "access",
                new Access(
                        settings.oidc(),
                        settings.session(),
                        new Limits(settings.limits(), new RateLimiter(database, clock)),
                        settings.publicUrl(),
                        database.as(Workers.DOOR),
                        this::issuerClient,
                        background,
                        clock,
                        random,
                        listener));
    }

    private ChainWatch chain() {
        return new ChainWatch(database, Main.NAME, Tokens.random(random, 9), settings.audit(), clock, registry);
    }

    private OutboundClient issuerClient(URI origin) {
        return OutboundClient.builder("oidc-issuer", origin)
                .deadline(ISSUER_DEADLINE)
                .connectTimeout(CONNECT_TIMEOUT)
                .maxBody(DataSize.parse("256KiB"))
                .build(registry, tracer);
    }
}
