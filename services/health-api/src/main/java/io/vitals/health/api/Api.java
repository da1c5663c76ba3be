package io.vitals.health.api;

import io.helidon.webserver.http.Handler;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.access.Access;
import io.vitals.health.admin.MemberCensus;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.daily.DailyRecords;
import io.vitals.health.daily.Refresh;
import io.vitals.health.page.EventStream;
import io.vitals.health.page.PageFiles;
import io.vitals.health.privacy.Consents;
import io.vitals.health.privacy.Erasures;
import io.vitals.health.privacy.Export;
import io.vitals.health.sahha.SahhaDeadLetters;
import io.vitals.health.whoop.WhoopAdmin;
import io.vitals.health.whoop.WhoopService;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.http.Routes;

import java.time.Clock;

/** All public routes, each registered under the policy. */
public final class Api {
    private final Reads reads;
    private final MeRoutes me;
    private final DayRoutes days;
    private final LinkRoutes links;
    private final PrivacyRoutes privacy;
    private final AuditRoutes audit;
    private final AdminRoutes admin;
    private final ReplayRoute replay;
    private final PageFiles page;
    private final EventStream events;
    private final Handler sahhaWebhook;

    /**
     * Takes what the routes answer from.
     *
     * @param trail where each read of health data is written down
     * @param sahhaWebhook judges the signature of its requests itself
     */
    public Api(
            AuditTrail trail,
            ChainWatch chain,
            DailyRecords daily,
            Refresh refresh,
            WhoopService whoop,
            WhoopAdmin whoopAdmin,
            MemberCensus members,
            SahhaDeadLetters deadLetters,
            Consents consents,
            Export export,
            Erasures erasures,
            PageFiles page,
            EventStream events,
            Handler sahhaWebhook,
            MeterRegistry registry,
            Clock clock) {
        this.me = new MeRoutes(whoop, consents);
        this.reads = new Reads(trail);
        this.days = new DayRoutes(daily, refresh, registry, clock);
        this.links = new LinkRoutes(whoop, consents, daily, trail);
        this.privacy = new PrivacyRoutes(consents, export, erasures);
        this.audit = new AuditRoutes(trail, chain);
        this.admin = new AdminRoutes(whoopAdmin, whoop, members, deadLetters, chain, clock);
        this.replay = new ReplayRoute(admin, trail);
        this.page = page;
        this.events = events;
        this.sahhaWebhook = sahhaWebhook;
    }

    /** Registers everything; fails if a route and the policy do not agree. */
    public void register(Access access, Routes routes) {
        KeyRoutes keys = new KeyRoutes(access.keys());
        SessionRoutes sessions = new SessionRoutes(access.sessions());
        routes.openEnded("/api/v1/users/{user}/events").openEnded("/api/v1/users/{user}/export");
        access.guard(routes, Policy.TABLE)
                .around((rule, endpoint) -> reads.audited(rule, QueryParameters.only(rule, endpoint)))
                .anyone("GET", "/", page::page)
                .anyone("GET", "/assets/*", page::asset)
                .anyone("GET", "/docs", page::reference)
                .anyone("GET", "/openapi", page::contract)
                .anyone("POST", "/api/v1/webhooks/sahha", sahhaWebhook)
                .on("GET", "/api/v1/me", me::me)
                .on("GET", "/api/v1/me/sessions", sessions::list)
                .on("DELETE", "/api/v1/me/sessions/{id}", sessions::end)
                .on("GET", "/api/v1/users/{user}/days", days::range)
                .on("GET", "/api/v1/users/{user}/days/{date}", days::day)
                .on("GET", "/api/v1/users/{user}/days/{date}/explain", days::explain)
                .on("GET", "/api/v1/users/{user}/overview", days::overview)
                .on("GET", "/api/v1/users/{user}/sources", days::sources)
                .on("POST", "/api/v1/users/{user}/refresh", days::refresh)
                .on("POST", "/api/v1/users/{user}/links/whoop", links::start)
                .on("GET", "/api/v1/users/{user}/links/whoop", links::status)
                .on("DELETE", "/api/v1/users/{user}/links/whoop", links::disconnect)
                .on("GET", "/api/v1/links/whoop/callback", links::callback)
                .on("GET", "/api/v1/users/{user}/consents", privacy::consents)
                .on("PUT", "/api/v1/users/{user}/consents", privacy::decide)
                .on("GET", "/api/v1/users/{user}/export", privacy::export)
                .on("GET", "/api/v1/users/{user}/events", events::stream)
                .on("DELETE", "/api/v1/users/{user}", privacy::erase)
                .anyone("GET", "/api/v1/erasures/{erasure}", privacy::certificate)
                .on("GET", "/api/v1/users/{user}/accesses", audit::accesses)
                .on("GET", "/api/v1/audit", audit::page)
                .on("GET", "/api/v1/audit/members", audit::members)
                .on("GET", "/api/v1/admin/links", admin::links)
                .on("GET", "/api/v1/admin/members", admin::members)
                .on("GET", "/api/v1/admin/members/{member}/coverage", admin::memberCoverage)
                .on("GET", "/api/v1/admin/coverage", admin::coverage)
                .on("GET", "/api/v1/admin/dead-letters", admin::deadLetters)
                .on("POST", "/api/v1/admin/dead-letters/replay", replay::replay)
                .on("GET", "/api/v1/admin/quota", admin::quota)
                .on("GET", "/api/v1/admin/audit", admin::audit)
                .on("POST", "/api/v1/api-keys", keys::create)
                .on("GET", "/api/v1/api-keys", keys::list)
                .on("DELETE", "/api/v1/api-keys/{id}", keys::revoke)
                .on("POST", "/api/v1/api-keys/{id}/rotate", keys::rotate)
                .complete();
    }
}
