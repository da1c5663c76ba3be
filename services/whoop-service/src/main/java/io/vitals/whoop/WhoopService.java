package io.vitals.whoop;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.http.DeadlineFilter;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.jobs.RecurringJobs;
import io.vitals.kit.lifecycle.Lifecycle;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.management.Probes;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.signing.RequestVerifier;
import io.vitals.kit.signing.SignatureFilter;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.erasure.Erasure;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.internal.AdminRoutes;
import io.vitals.whoop.internal.InternalApi;
import io.vitals.whoop.internal.MemberRoutes;
import io.vitals.whoop.internal.Nonces;
import io.vitals.whoop.internal.WebhookRoutes;
import io.vitals.whoop.link.LinkCensus;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.link.Links;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.quota.Quota;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.sync.CoverageCensus;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.upstream.UpstreamSettings;
import io.vitals.whoop.upstream.WhoopApi;
import io.vitals.whoop.webhook.Webhooks;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** All parts of the service, put together. */
final class WhoopService {
    private static final DataSize LARGEST_ANSWER = DataSize.parse("4MiB");
    private static final DataSize LARGEST_REQUEST = DataSize.parse("64KiB");

    private static final Duration VERIFY = Duration.ofHours(1);

    private final HttpServer server;

    private WhoopService(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts everything and registers it with the lifecycle, in the order that makes stopping safe: listeners first, then workers, then what
     * they use.
     */
    static WhoopService start(
            WhoopServiceSettings settings,
            Database database,
            MeterRegistry registry,
            Tracer tracer,
            Probes probes,
            Lifecycle lifecycle,
            Clock clock,
            SecureRandom random) {
        WhoopServiceSettings.App app = settings.whoop();
        OutboundClient apiClient =
                client("whoop-api", app.apiBaseUrl(), settings.upstream(), lifecycle, registry, tracer);
        OutboundClient tokenClient =
                client("whoop-token", app.tokenBase(), settings.upstream(), lifecycle, registry, tracer);

        Feed feed = new Feed(database);
        AuditLog audit = new AuditLog(registry);
        Handover trace = new Handover(tracer);
        Quota quota = new Quota(database, random, registry);
        Records records = new Records(feed, clock, registry);
        WhoopApi api = new WhoopApi(
                apiClient,
                quota,
                settings.upstream().retryWindow(),
                settings.upstream().circuitDelay(),
                registry);
        LinkDirectory directory = new LinkDirectory();
        TokenAccess tokens = new TokenAccess(
                database,
                Envelope.fromKeyset(settings.crypto().keyset()),
                tokenClient,
                app.tokenPath(),
                app.oauth(),
                api,
                feed,
                audit,
                clock,
                random,
                registry);
        Sync sync = new Sync(
                database,
                settings.sync(),
                directory,
                tokens,
                api,
                records,
                feed,
                audit,
                trace,
                clock,
                random,
                registry);
        Webhooks webhooks = new Webhooks(
                database,
                settings.webhook(),
                app.webhookSecrets(),
                directory,
                tokens,
                api,
                records,
                feed,
                sync,
                audit,
                trace,
                clock,
                random,
                registry);
        Links links = new Links(database, tokens, api, app.oauth(), List.of(sync, webhooks), random, registry);
        InternalApi internal = new InternalApi(database, links, sync, records, feed, clock, probes::draining);
        Nonces nonces = new Nonces(database);
        RequestVerifier verifier = RequestVerifier.fromJwkSet(settings.callers().keys(), nonces, clock);

        ChainWatch chain = lifecycle.onStop(
                "audit checkpoints",
                new ChainWatch(database, Main.NAME, Tokens.random(random, 9), settings.audit(), clock, registry));

        HttpServer server = HttpServer.builder(HttpSettings.defaults(), registry, tracer, random)
                .listener("public", settings.public_(), LARGEST_REQUEST, webhooks::routes)
                .listener("internal", settings.internal(), LARGEST_REQUEST, routes -> {
                    routes.filter(new SignatureFilter(verifier, registry)).filter(new DeadlineFilter());
                    internal.routes(routes);
                    new WebhookRoutes(webhooks.replay()).routes(routes);
                    new AdminRoutes(new LinkCensus(database), new CoverageCensus(database), quota, chain)
                            .routes(routes);
                    new MemberRoutes(database, new Erasure(database, links, audit, registry)).routes(routes);
                })
                .build();

        lifecycle.onStop("webhook workers", webhooks.startWorkers());
        lifecycle.onStop("sync workers", sync.startWorkers());
        lifecycle.onStop(
                "token refresh", Worker.start("token-refresh", settings.sync().poll(), tokens::refreshDue));
        lifecycle.onStop("token rewrap", Worker.start("token-rewrap", Duration.ofMinutes(1), tokens::rewrap));
        lifecycle.onStop(
                "audit checkpoint", Worker.start("audit-checkpoint", chain.checkpointInterval(), chain::checkpoint));
        lifecycle.onStop("audit verification", Worker.start("audit-verification", VERIFY, chain::verify));
        RecurringJobs.Builder jobs = RecurringJobs.builder(database, random, registry)
                .poll(settings.sync().poll().multipliedBy(10))
                .every("audit-retention", Duration.ofDays(1), chain::expire)
                .every("nonce-purge", Duration.ofMinutes(1), nonces::purge)
                .every(
                        "raw-retention",
                        Duration.ofDays(1),
                        () -> records.expire(database, settings.records().rawRetention()));
        sync.schedule(jobs);
        RecurringJobs running = lifecycle.onStop("recurring jobs", jobs.start());
        SchedulerGauge scheduler = new SchedulerGauge(running, registry);
        lifecycle.onStop("upkeep", Worker.start("upkeep", settings.sync().poll().multipliedBy(15), () -> {
            links.measure();
            quota.measure();
            scheduler.measure();
            return links.revokeOverdue();
        }));
        lifecycle.onStop("listeners", server.start());
        return new WhoopService(server);
    }

    private static OutboundClient client(
            String name,
            URI base,
            UpstreamSettings settings,
            Lifecycle lifecycle,
            MeterRegistry registry,
            Tracer tracer) {
        return lifecycle.onStop(
                name,
                OutboundClient.builder(name, base)
                        .deadline(settings.deadline())
                        .connectTimeout(settings.connectTimeout())
                        .atOnce(settings.atOnce())
                        .circuitDelay(settings.circuitDelay())
                        .circuitVolume(settings.circuitVolume())
                        .maxBody(LARGEST_ANSWER)
                        .build(registry, tracer));
    }

    /** The bound port of the listener named public or internal. */
    int port(String listener) {
        return server.port(listener);
    }
}
