package io.vitals.gitops.dashboards;

import io.vitals.gitops.dashboards.Panel.Unit;

import java.util.List;

import static io.vitals.gitops.dashboards.Dashboard.row;
import static io.vitals.gitops.dashboards.Panel.graph;
import static io.vitals.gitops.dashboards.Panel.heatmap;
import static io.vitals.gitops.dashboards.Panel.number;
import static io.vitals.gitops.dashboards.Panel.query;
import static io.vitals.gitops.dashboards.Panel.table;

/** What members and developers would notice. */
final class ServiceDashboards {
    private ServiceDashboards() {}

    static List<Dashboard> all() {
        return List.of(overview(), red(), slo(), jvm());
    }

    private static Dashboard overview() {
        return Dashboard.of(
                "overview",
                "Vitals: overview",
                "Whether members are well served now; where to look next.",
                row(
                        "Promises",
                        number(
                                "Budget left",
                                "The worst of the promises: what is left of its budget of 30 days. Under a quarter only repairs are released.",
                                Unit.RATIO,
                                query("min(slo:budget_remaining:ratio30d{<namespace>})", "left")),
                        number(
                                        "Critical alerts",
                                        "Alerts for which somebody is woken. Usual is none.",
                                        Unit.COUNT,
                                        query(
                                                "count(ALERTS{alertstate=\"firing\",severity=\"critical\"}) or vector(0)",
                                                "critical"))
                                .from(1),
                        number(
                                        "Warnings",
                                        "Alerts that are a ticket. Usual is none or one.",
                                        Unit.COUNT,
                                        query(
                                                "count(ALERTS{alertstate=\"firing\",severity=\"warning\"}) or vector(0)",
                                                "warnings"))
                                .from(5),
                        number(
                                "Requests",
                                "Requests a second to both services, probes left out.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum(rate(http_server_requests_seconds_count{<service>,slo=\"true\"}[<rate>]))",
                                        "requests")),
                        number(
                                "Pods that answer",
                                "Pods of both services whose metrics can be read.",
                                Unit.COUNT,
                                query("sum(up{<service>})", "pods")),
                        number(
                                "Stale members",
                                "Connected members whose newest sync is older than an hour.",
                                Unit.COUNT,
                                query("max(whoop_sync_users_stale{<namespace>})", "members"))),
                row(
                        "Traffic",
                        graph(
                                "Requests",
                                "Requests a second by service.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum by (app_kubernetes_io_name) (rate(http_server_requests_seconds_count{<service>}[<rate>]))",
                                        "{{app_kubernetes_io_name}}")),
                        graph(
                                        "Errors",
                                        "Share of requests that end with 5xx. A promise allows one in a thousand.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (app_kubernetes_io_name) (rate(http_server_requests_seconds_count{<service>,status=~\"5..\"}[<rate>])) / sum by (app_kubernetes_io_name) (rate(http_server_requests_seconds_count{<service>}[<rate>]))",
                                                "{{app_kubernetes_io_name}}"))
                                .from(0.001, 0.0144),
                        graph(
                                        "Time",
                                        "How long requests take: half, 95 and 99 of a hundred are faster.",
                                        Unit.SECONDS,
                                        quantile("0.5", "app_kubernetes_io_name", "{{app_kubernetes_io_name}} p50"),
                                        quantile("0.95", "app_kubernetes_io_name", "{{app_kubernetes_io_name}} p95"),
                                        quantile("0.99", "app_kubernetes_io_name", "{{app_kubernetes_io_name}} p99"))
                                .from(0.5)),
                row(
                        "As a day and a week ago",
                        graph(
                                "Traffic against the same hour before",
                                "Requests over an hour beside the same hour of yesterday and of last week. A fall that neither had is a fault or a holiday.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum(rate(http_server_requests_seconds_count{<service>,slo=\"true\"}[1h]))",
                                        "now"),
                                query(
                                        "sum(rate(http_server_requests_seconds_count{<service>,slo=\"true\"}[1h] offset 1d))",
                                        "a day ago"),
                                query(
                                        "sum(rate(http_server_requests_seconds_count{<service>,slo=\"true\"}[1h] offset 1w))",
                                        "a week ago")),
                        table(
                                "Alerts",
                                "What fires now.",
                                Unit.COUNT,
                                query(
                                        "count by (alertname, severity, service_id, namespace) (ALERTS{alertstate=\"firing\",severity!=\"none\"})",
                                        "{{alertname}}"))));
    }

    private static Panel.Target quantile(String share, String by, String legend) {
        return query(
                "histogram_quantile(%s, sum by (%s, le) (rate(http_server_requests_seconds_bucket{<service>,slo=\"true\"}[<rate>])))"
                        .formatted(share, by),
                legend);
    }

    private static Dashboard red() {
        return Dashboard.of(
                "red",
                "Vitals: routes",
                "Requests, errors and time of each route.",
                row(
                        "Of the chosen routes",
                        graph(
                                "Requests",
                                "Requests a second by route.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum by (route, method) (rate(http_server_requests_seconds_count{<route>}[<rate>]))",
                                        "{{method}} {{route}}")),
                        graph(
                                        "Errors",
                                        "Share of requests of a route that end with 5xx.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (route) (rate(http_server_requests_seconds_count{<route>,status=~\"5..\"}[<rate>])) / sum by (route) (rate(http_server_requests_seconds_count{<route>}[<rate>]))",
                                                "{{route}}"))
                                .from(0.001, 0.05),
                        heatmap(
                                "Time",
                                "How many requests took how long. A second band above the usual one is a cache that misses or a lock.",
                                Unit.SECONDS,
                                query(
                                        "sum by (le) (increase(http_server_requests_seconds_bucket{<route>}[<rate>]))",
                                        "{{le}}"))),
                row(
                        "The worst",
                        table(
                                "Errors",
                                "The ten routes with most 5xx of the last hour.",
                                Unit.COUNT,
                                query(
                                        "topk(10, sum by (app_kubernetes_io_name, route, status) (increase(http_server_requests_seconds_count{<service>,status=~\"5..\"}[1h])))",
                                        "{{route}}")),
                        table(
                                "Time",
                                "The ten slowest routes of the last hour: 99 of a hundred requests are faster.",
                                Unit.SECONDS,
                                query(
                                        "topk(10, histogram_quantile(0.99, sum by (app_kubernetes_io_name, route, le) (rate(http_server_requests_seconds_bucket{<service>,slo=\"true\"}[1h]))))",
                                        "{{route}}"))),
                row(
                        "Refusals",
                        graph(
                                "Answers by class",
                                "Answers a second by their first digit. 4xx are mostly the callers' own.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum by (class) (label_replace(rate(http_server_requests_seconds_count{<route>}[<rate>]), \"class\", \"${1}xx\", \"status\", \"(.)..\"))",
                                        "{{class}}")),
                        graph(
                                        "Too many requests",
                                        "Answers 429, by service. Above one in twenty somebody asks without end, or the limit is too low.",
                                        Unit.RATIO,
                                        query(
                                                "(sum by (app_kubernetes_io_name) (rate(http_server_requests_seconds_count{<service>,status=\"429\"}[<rate>])) or 0 * sum by (app_kubernetes_io_name) (rate(http_server_requests_seconds_count{<service>}[<rate>]))) / sum by (app_kubernetes_io_name) (rate(http_server_requests_seconds_count{<service>}[<rate>]))",
                                                "{{app_kubernetes_io_name}}"))
                                .from(0.05)));
    }

    private static Dashboard slo() {
        return Dashboard.of(
                "slo",
                "Vitals: promises",
                "How fast the budget of each promise burns, and what is left of it.",
                row(
                        "Budget",
                        graph(
                                "Left of 30 days",
                                "What is left of the budget of each promise.",
                                Unit.RATIO,
                                query("min by (slo) (slo:budget_remaining:ratio30d{<namespace>})", "{{slo}}")),
                        table(
                                "Left now",
                                "Under a quarter only repairs are released; with none left, nothing else until it recovers.",
                                Unit.RATIO,
                                query(
                                        "min by (slo, namespace) (slo:budget_remaining:ratio30d{<namespace>})",
                                        "{{slo}}"))),
                row(
                        "Errors over four windows",
                        graph(
                                        "Over an hour",
                                        "Share of bad events. For a promise of 99.9 %, 1.44 % is the budget gone in two days: a page.",
                                        Unit.RATIO,
                                        query("max by (slo) (slo:error_ratio:rate1h{<namespace>})", "{{slo}}"))
                                .from(0.0144),
                        graph(
                                        "Over six hours",
                                        "Share of bad events. For 99.9 %, 0.6 % is the budget gone in five days: a page.",
                                        Unit.RATIO,
                                        query("max by (slo) (slo:error_ratio:rate6h{<namespace>})", "{{slo}}"))
                                .from(0.006),
                        graph(
                                        "Over a day",
                                        "Share of bad events. For 99.9 %, 0.3 % is the budget gone in ten days: a ticket.",
                                        Unit.RATIO,
                                        query("max by (slo) (slo:error_ratio:rate1d{<namespace>})", "{{slo}}"))
                                .from(0.003)),
                row(
                        "Events",
                        graph(
                                        "Over three days",
                                        "Share of bad events. For 99.9 %, 0.1 % is exactly what is allowed.",
                                        Unit.RATIO,
                                        query("max by (slo) (slo:error_ratio:rate3d{<namespace>})", "{{slo}}"))
                                .from(0.001),
                        graph(
                                "How many",
                                "Events a second that count for a promise. With few of them a single fault weighs much, so nobody is woken.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (slo) (slo:events:rate1h{<namespace>,slo!=\"sync-freshness\"})",
                                        "{{slo}}")),
                        graph(
                                "Burning",
                                "Alerts of promises that fire.",
                                Unit.COUNT,
                                query(
                                        "count by (slo, burn_tier) (ALERTS{alertname=\"SLOBudgetBurn\",alertstate=\"firing\"})",
                                        "{{slo}} {{burn_tier}}"))));
    }

    private static Dashboard jvm() {
        return Dashboard.of(
                "jvm",
                "Vitals: JVM",
                "Memory, threads and files of each pod.",
                row(
                        "Memory",
                        graph(
                                        "Heap",
                                        "Share of the heap that is used. A floor that rises from collection to collection is a leak.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (pod) (jvm_memory_used_bytes{<service>,area=\"heap\"}) / sum by (pod) (jvm_memory_max_bytes{<service>,area=\"heap\"} > 0)",
                                                "{{pod}}"))
                                .from(0.9),
                        graph(
                                        "Time of collections",
                                        "Share of the time that collections stop everything.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (pod) (rate(jvm_gc_pause_seconds_sum{<service>}[<rate>]))",
                                                "{{pod}}"))
                                .from(0.1),
                        graph(
                                "Allocated",
                                "Bytes a second that are newly taken.",
                                Unit.BYTES_A_SECOND,
                                query(
                                        "sum by (pod) (rate(jvm_gc_memory_allocated_bytes_total{<service>}[<rate>]))",
                                        "{{pod}}"))),
                row(
                        "Threads",
                        graph(
                                        "Virtual threads that wait for a carrier",
                                        "More than a few for long: carriers are pinned, or the processors are not enough.",
                                        Unit.COUNT,
                                        query("max by (pod) (app_vthread_scheduler_queued{<service>})", "{{pod}}"))
                                .from(50),
                        graph(
                                "Carriers in use",
                                "Share of the carriers that run a virtual thread.",
                                Unit.RATIO,
                                query(
                                        "max by (pod) (app_vthread_scheduler_mounted{<service>} / app_vthread_scheduler_parallelism{<service>})",
                                        "{{pod}}")),
                        graph(
                                "Platform threads",
                                "Threads by state. Blocked ones wait for a lock.",
                                Unit.COUNT,
                                query("sum by (state) (jvm_threads_states_threads{<service>})", "{{state}}"))),
                row(
                        "Process",
                        graph(
                                "Processors",
                                "Share of the processors of its container.",
                                Unit.RATIO,
                                query("max by (pod) (process_cpu_usage{<service>})", "{{pod}}")),
                        graph(
                                        "Files",
                                        "Share of the files that may be open.",
                                        Unit.RATIO,
                                        query(
                                                "max by (pod) (process_files_open_files{<service>} / process_files_max_files{<service>})",
                                                "{{pod}}"))
                                .from(0.85),
                        graph(
                                "Starts",
                                "Starts of pods within an hour.",
                                Unit.COUNT,
                                query(
                                        "sum by (app_kubernetes_io_name) (changes(process_start_time_seconds{<service>}[1h]))",
                                        "{{app_kubernetes_io_name}}"))));
    }
}
