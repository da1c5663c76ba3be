package io.vitals.gitops.dashboards;

import io.vitals.gitops.dashboards.Panel.Unit;

import java.util.List;

import static io.vitals.gitops.dashboards.Dashboard.row;
import static io.vitals.gitops.dashboards.Panel.graph;
import static io.vitals.gitops.dashboards.Panel.heatmap;
import static io.vitals.gitops.dashboards.Panel.query;

/** How members' data gets here, and how old it is. */
final class SyncDashboards {
    private SyncDashboards() {}

    static List<Dashboard> all() {
        return List.of(whoop(), freshness());
    }

    private static Dashboard whoop() {
        return Dashboard.of(
                "whoop",
                "Vitals: WHOOP",
                "From a member's consent to records that are stored.",
                row(
                        "Connections",
                        graph(
                                "Consents",
                                "Members who came back from WHOOP, by how it ended.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (outcome) (rate(whoop_oauth_authorizations_total{<namespace>}[<rate>]))",
                                        "{{outcome}}")),
                        graph(
                                "Tokens",
                                "Connections by the state of their token. Expired ones should be renewed within minutes.",
                                Unit.COUNT,
                                query("max by (state) (whoop_oauth_tokens{<namespace>})", "{{state}}")),
                        graph(
                                "Renewals",
                                "Tokens that were renewed, by how it ended.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (outcome) (rate(whoop_oauth_token_refresh_total{<namespace>}[<rate>]))",
                                        "{{outcome}}"))),
                row(
                        "Webhooks",
                        graph(
                                "Received",
                                "Events of WHOOP by how they were taken.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (outcome) (rate(whoop_webhook_received_total{<namespace>}[<rate>]))",
                                        "{{outcome}}")),
                        graph(
                                        "Waiting",
                                        "Events that are not worked on yet, by type.",
                                        Unit.COUNT,
                                        query("max by (type) (whoop_webhook_queue_depth{<namespace>})", "{{type}}"))
                                .from(500),
                        graph(
                                        "Oldest that waits",
                                        "Age of the oldest event that is not worked on.",
                                        Unit.SECONDS,
                                        query(
                                                "max by (type) (whoop_webhook_oldest_pending_seconds{<namespace>})",
                                                "{{type}}"))
                                .from(900)),
                row(
                        "Syncs",
                        graph(
                                "Runs",
                                "Syncs by type and how they ended.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (type, outcome) (rate(whoop_sync_runs_total{<namespace>}[<rate>]))",
                                        "{{type}} {{outcome}}")),
                        graph(
                                        "Lag",
                                        "How old what we have is, over all connections.",
                                        Unit.SECONDS,
                                        query(
                                                "max by (percentile) (whoop_sync_lag_seconds{<namespace>})",
                                                "{{percentile}}"))
                                .from(3600),
                        graph(
                                "Records stored",
                                "Records that were new or changed, by type.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (type) (rate(whoop_records_upserted_total{<namespace>}[<rate>]))",
                                        "{{type}}"))),
                row(
                        "Its API",
                        graph(
                                "Calls",
                                "Calls by how they ended.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum by (outcome) (rate(whoop_client_requests_seconds_count{<namespace>}[<rate>]))",
                                        "{{outcome}}")),
                        graph(
                                "Time of a call",
                                "Mean time of a call by operation.",
                                Unit.SECONDS,
                                query(
                                        "sum by (operation) (rate(whoop_client_requests_seconds_sum{<namespace>}[<rate>])) / sum by (operation) (rate(whoop_client_requests_seconds_count{<namespace>}[<rate>]))",
                                        "{{operation}}")),
                        graph(
                                "Left of what it grants",
                                "Share of the calls that are left in a minute and in a day.",
                                Unit.RATIO,
                                query(
                                        "min by (window) (whoop_client_rate_limit_remaining{<namespace>} / whoop_client_rate_limit_limit{<namespace>})",
                                        "a {{window}}"))));
    }

    private static Dashboard freshness() {
        return Dashboard.of(
                "freshness",
                "Vitals: freshness",
                "How old what members see is, and what they wait for.",
                row(
                        "Age",
                        graph(
                                        "Stale members",
                                        "Share of the connected members whose newest sync is older than an hour. One in a hundred is promised.",
                                        Unit.RATIO,
                                        query(
                                                "max by (namespace) (whoop_sync_users_stale{<namespace>}) / max by (namespace) (whoop_oauth_tokens{<namespace>,state=\"active\"})",
                                                "{{namespace}}"))
                                .from(0.01, 0.05),
                        heatmap(
                                "Age of what is served",
                                "How old records were when they were read.",
                                Unit.SECONDS,
                                query(
                                        "sum by (le) (increase(health_metrics_data_age_seconds_bucket{<namespace>}[<rate>]))",
                                        "{{le}}")),
                        graph(
                                        "Since the last sync",
                                        "Time since a sync of each type last succeeded.",
                                        Unit.SECONDS,
                                        query(
                                                "time() - max by (type) (whoop_sync_last_success_timestamp_seconds{<namespace>})",
                                                "{{type}}"))
                                .from(3600)),
                row(
                        "Reading and refreshing",
                        graph(
                                "Served",
                                "Answers with records, by kind and source.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (kind, source) (rate(health_metrics_served_total{<namespace>}[<rate>]))",
                                        "{{kind}} {{source}}")),
                        graph(
                                "Refreshes",
                                "Members who asked for the newest, by what they got.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (outcome) (rate(health_refresh_seconds_count{<namespace>}[<rate>]))",
                                        "{{outcome}}")),
                        graph(
                                "Time of a refresh",
                                "99 of a hundred refreshes are faster.",
                                Unit.SECONDS,
                                query(
                                        "histogram_quantile(0.99, sum by (outcome, le) (rate(health_refresh_seconds_bucket{<namespace>}[<rate>])))",
                                        "{{outcome}}"))),
                row(
                        "As a member would",
                        graph(
                                "The edge from outside",
                                "Share of the probes that were answered.",
                                Unit.RATIO,
                                query(
                                        "avg by (job) (avg_over_time(probe_success{job=~\"edge|redirect\"}[5m]))",
                                        "{{job}}")),
                        graph(
                                "What a probe waits for",
                                "Time of a probe by phase: names, connection, TLS, our work, the transfer.",
                                Unit.SECONDS,
                                query(
                                        "avg by (phase) (avg_over_time(probe_http_duration_seconds{job=\"edge\"}[5m]))",
                                        "{{phase}}"))));
    }
}
