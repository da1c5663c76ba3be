package io.vitals.gitops.dashboards;

import io.vitals.gitops.dashboards.Panel.Unit;

import java.util.List;

import static io.vitals.gitops.dashboards.Dashboard.row;
import static io.vitals.gitops.dashboards.Panel.graph;
import static io.vitals.gitops.dashboards.Panel.number;
import static io.vitals.gitops.dashboards.Panel.query;
import static io.vitals.gitops.dashboards.Panel.table;

/** What somebody on duty looks at. */
final class OperationsDashboards {
    private OperationsDashboards() {}

    static List<Dashboard> all() {
        return List.of(deploy(), capacity(), onCall(), security());
    }

    private static Dashboard deploy() {
        return Dashboard.of(
                "deploy",
                "Vitals: releases",
                "Which release runs, how the next one does, and whether the cluster is what the tree says.",
                row(
                        "Releases",
                        table(
                                "What runs",
                                "Pods by version and colour.",
                                Unit.COUNT,
                                query(
                                        "count by (namespace, app_kubernetes_io_name, version, color) (app_build_info{<service>})",
                                        "{{version}}")),
                        table(
                                "Rollouts",
                                "Each Rollout and what it is doing.",
                                Unit.COUNT,
                                query("sum by (exported_namespace, name, phase) (rollout_info) > 0", "{{name}}")),
                        graph(
                                        "Errors of both colours",
                                        "Share of 5xx of what serves and of what is looked at before it does.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (app_kubernetes_io_name, role) (rate(http_server_requests_seconds_count{<service>,status=~\"5..\"}[<rate>])) / sum by (app_kubernetes_io_name, role) (rate(http_server_requests_seconds_count{<service>}[<rate>]))",
                                                "{{app_kubernetes_io_name}} {{role}}"))
                                .from(0.0144),
                        graph(
                                "Time of both colours",
                                "99 of a hundred requests are faster.",
                                Unit.SECONDS,
                                query(
                                        "histogram_quantile(0.99, sum by (app_kubernetes_io_name, role, le) (rate(http_server_requests_seconds_bucket{<service>,slo=\"true\"}[<rate>])))",
                                        "{{app_kubernetes_io_name}} {{role}}")),
                        graph(
                                "Replicas",
                                "Those that are ready, and those that are wanted.",
                                Unit.COUNT,
                                query("sum by (name) (rollout_info_replicas_available)", "{{name}} ready"),
                                query("sum by (name) (rollout_info_replicas_desired)", "{{name}} wanted")),
                        graph(
                                "Analyses",
                                "Runs of what decides on a release, by phase.",
                                Unit.COUNT,
                                query("sum by (phase) (analysis_run_info)", "{{phase}}"))),
                row(
                        "The tree",
                        table(
                                "Not in sync",
                                "Applications that differ from the tree. Usual is none.",
                                Unit.COUNT,
                                query(
                                        "sum by (name, project, sync_status) (argocd_app_info{sync_status!=\"Synced\"})",
                                        "{{name}}")),
                        table(
                                "Not healthy",
                                "Applications that are not as they should be.",
                                Unit.COUNT,
                                query(
                                        "sum by (name, project, health_status) (argocd_app_info{health_status!~\"Healthy|Suspended\"})",
                                        "{{name}}")),
                        graph(
                                "Syncs",
                                "Syncs within an hour by how they ended.",
                                Unit.COUNT,
                                query("sum by (phase) (increase(argocd_app_sync_total[1h]))", "{{phase}}")),
                        graph(
                                        "Secrets that did not open",
                                        "Sealed secrets that the cluster could not open, within an hour.",
                                        Unit.COUNT,
                                        query(
                                                "sum by (reason) (increase(sealed_secrets_controller_unseal_errors_total[1h]))",
                                                "{{reason}}"))
                                .from(1)));
    }

    private static Dashboard capacity() {
        return Dashboard.of(
                "capacity",
                "Vitals: capacity",
                "What runs out when, if it goes on as it does.",
                row(
                        "In thirty days",
                        graph(
                                "Databases",
                                "Size now, and as it will be in thirty days if it grows as in the last one.",
                                Unit.BYTES,
                                query(
                                        "sum by (namespace) (max by (namespace, datname) (cnpg_pg_database_size_bytes{<namespace>}))",
                                        "{{namespace}}"),
                                query(
                                        "sum by (namespace) (max by (namespace, datname) (predict_linear(cnpg_pg_database_size_bytes{<namespace>}[1d], 30 * 86400)))",
                                        "{{namespace}} in 30 days")),
                        graph(
                                "Volumes",
                                "Share that is free now, and in four days if it goes on as in the last six hours.",
                                Unit.RATIO,
                                query(
                                        "min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes)",
                                        "{{persistentvolumeclaim}}"),
                                query(
                                        "min by (persistentvolumeclaim) (predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 86400) / kubelet_volume_stats_capacity_bytes)",
                                        "{{persistentvolumeclaim}} in 4 days")),
                        graph(
                                "Calls to WHOOP today",
                                "Calls that were made, where they will be in six hours, and how many are granted for a day.",
                                Unit.COUNT,
                                query("max by (namespace) (whoop_client_quota_used_today{<namespace>})", "made"),
                                query(
                                        "max by (namespace) (predict_linear(whoop_client_quota_used_today{<namespace>}[3h], 6 * 3600))",
                                        "in six hours"),
                                query(
                                        "max by (namespace) (whoop_client_rate_limit_limit{<namespace>,window=\"day\"})",
                                        "granted"))),
                row(
                        "Headroom",
                        table(
                                        "Connections",
                                        "Share of a server's connections that all pools together could take. From 70 % on, plan; from 80 % on, act.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (namespace) (hikaricp_connections_max{<service>}) / on (namespace) min by (namespace) (cnpg_pg_settings_setting{<namespace>,name=\"max_connections\"})",
                                                "{{namespace}}"))
                                .from(0.7, 0.8),
                        table(
                                "Members",
                                "Members that the calls granted for a day suffice for.",
                                Unit.COUNT,
                                query(
                                        "min by (namespace) (whoop_client_quota_members_capacity{<namespace>})",
                                        "{{namespace}}")),
                        graph(
                                        "Memory of containers",
                                        "The highest share of a limit within a day. From 80 % on, plan; from 90 % on, act.",
                                        Unit.RATIO,
                                        query(
                                                "max by (namespace, container) (max_over_time(container_memory_working_set_bytes{<namespace>,container!=\"\"}[1d])) / max by (namespace, container) (kube_pod_container_resource_limits{<namespace>,resource=\"memory\"})",
                                                "{{namespace}} {{container}}"))
                                .from(0.8, 0.9)));
    }

    private static Dashboard onCall() {
        return Dashboard.of(
                "on-call",
                "Vitals: on call",
                "Whether alerts are worth waking for, and whether they arrive.",
                row(
                        "Alerts",
                        number(
                                        "Firing now",
                                        "Alerts for which somebody is woken.",
                                        Unit.COUNT,
                                        query(
                                                "count(ALERTS{alertstate=\"firing\",severity=\"critical\"}) or vector(0)",
                                                "critical"))
                                .from(1),
                        number(
                                "Heartbeat",
                                "1 while the alert that always fires does.",
                                Unit.COUNT,
                                query(
                                        "count(ALERTS{alertname=\"Watchdog\",alertstate=\"firing\"}) or vector(0)",
                                        "Watchdog")),
                        number(
                                "Silences",
                                "Silences that hold now. One that is older than two weeks hides something.",
                                Unit.COUNT,
                                query("max(alertmanager_silences{state=\"active\"})", "silences")),
                        table(
                                "What fired most",
                                "Share of the last week in which each alert fired. What fires often and is not acted on is mended or taken away.",
                                Unit.RATIO,
                                query(
                                        "topk(10, max by (alertname, severity) (count_over_time(ALERTS{alertstate=\"firing\",severity!=\"none\"}[1w:5m])) / 2016)",
                                        "{{alertname}}")),
                        table(
                                "What comes and goes",
                                "How often each alert began within six hours.",
                                Unit.COUNT,
                                query(
                                        "topk(10, max by (alertname) (changes(ALERTS_FOR_STATE[6h])))",
                                        "{{alertname}}"))),
                row(
                        "Incidents",
                        number(
                                        "Open now",
                                        "Incidents that are not over.",
                                        Unit.COUNT,
                                        query("sum(oncall_incidents_open)", "incidents"))
                                .from(1),
                        number(
                                "Until somebody answered",
                                "From the page to the acknowledgement, on average over four weeks.",
                                Unit.SECONDS,
                                query(
                                        "sum(increase(oncall_incident_acknowledge_seconds_sum[4w])) / sum(increase(oncall_incident_acknowledge_seconds_count[4w]))",
                                        "answer")),
                        number(
                                "Until it was over",
                                "From the first alert's start to the last one's end, on average over four weeks.",
                                Unit.SECONDS,
                                query(
                                        "sum(increase(oncall_incident_resolve_seconds_sum[4w])) / sum(increase(oncall_incident_resolve_seconds_count[4w]))",
                                        "end"))),
                row(
                        "Messages",
                        graph(
                                "Sent",
                                "Messages within an hour by way: webhook is a page or the heartbeat.",
                                Unit.COUNT,
                                query(
                                        "sum by (integration) (increase(alertmanager_notifications_total[1h]))",
                                        "{{integration}}")),
                        graph(
                                        "Failed",
                                        "Share of the messages that could not be sent.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (integration) (rate(alertmanager_notifications_failed_total[<rate>])) / sum by (integration) (rate(alertmanager_notifications_total[<rate>]))",
                                                "{{integration}}"))
                                .from(0.01),
                        graph(
                                "Kept back",
                                "Messages within an hour that were silenced, inhibited or wait for the morning.",
                                Unit.COUNT,
                                query(
                                        "sum by (reason) (increase(alertmanager_notifications_suppressed_total[1h]))",
                                        "{{reason}}"))),
                row(
                        "Prometheus",
                        graph(
                                        "Time of rules",
                                        "Share of its interval that the slowest group of rules takes.",
                                        Unit.RATIO,
                                        query(
                                                "max by (rule_group) (prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds)",
                                                "{{rule_group}}"))
                                .from(0.5, 1),
                        graph(
                                        "Rules that failed",
                                        "Evaluations that failed within an hour.",
                                        Unit.COUNT,
                                        query(
                                                "sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[1h]))",
                                                "{{rule_group}}"))
                                .from(1),
                        graph(
                                "Series",
                                "Series in memory, and samples of a scrape of our services.",
                                Unit.COUNT,
                                query("max(prometheus_tsdb_head_series)", "series"),
                                query(
                                        "max by (app_kubernetes_io_name) (scrape_samples_post_metric_relabeling{<service>})",
                                        "{{app_kubernetes_io_name}}"))));
    }

    private static Dashboard security() {
        return Dashboard.of(
                "security",
                "Vitals: logs and security",
                "What is logged, who was refused, and whether the audit log is whole.",
                row(
                        "Logs",
                        graph(
                                "Lines",
                                "Lines a second by level.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (app_kubernetes_io_name, level) (rate(app_log_events_total{<service>}[<rate>]))",
                                        "{{app_kubernetes_io_name}} {{level}}")),
                        table(
                                "Errors",
                                "The events of the last hour that were logged as errors.",
                                Unit.COUNT,
                                query(
                                        "topk(20, sum by (app_kubernetes_io_name, event) (increase(app_log_events_total{<service>,level=\"error\"}[1h])))",
                                        "{{event}}"))),
                row(
                        "Refusals",
                        graph(
                                "Not signed in, not allowed",
                                "Answers 401 and 403.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum by (app_kubernetes_io_name, status) (rate(http_server_requests_seconds_count{<service>,status=~\"401|403\"}[<rate>]))",
                                        "{{app_kubernetes_io_name}} {{status}}")),
                        graph(
                                "Webhooks of nobody",
                                "Webhooks whose signature is not theirs.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum(rate(whoop_webhook_received_total{<namespace>,outcome=\"bad_signature\"}[<rate>]))",
                                        "WHOOP"),
                                query(
                                        "sum(rate(vitals_sahha_webhooks_total{<namespace>,outcome=\"bad_signature\"}[<rate>]))",
                                        "Sahha")),
                        graph(
                                "Calls between the services",
                                "Calls that whoop-service refused, by reason. Usual is none.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (reason) (rate(internal_calls_refused_total{<namespace>}[<rate>]))",
                                        "{{reason}}"))),
                row(
                        "Audit",
                        graph(
                                "Events",
                                "What was written into the audit log, by outcome.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (app_kubernetes_io_name, outcome) (rate(audit_events_total{<service>}[<rate>]))",
                                        "{{app_kubernetes_io_name}} {{outcome}}")),
                        graph(
                                        "Whole",
                                        "Places where the chain of the audit log does not fit. Usual is none, always.",
                                        Unit.COUNT,
                                        query(
                                                "max by (app_kubernetes_io_name) (audit_chain_findings{<service>})",
                                                "{{app_kubernetes_io_name}}"))
                                .from(1),
                        graph(
                                        "Not written",
                                        "Events that could not be written, so that what they were about was refused.",
                                        Unit.COUNT,
                                        query(
                                                "sum by (app_kubernetes_io_name) (increase(audit_failures_total{<service>}[1h]))",
                                                "{{app_kubernetes_io_name}}"))
                                .from(1),
                        graph(
                                "Age of the last checkpoint",
                                "Time since the audit log was last signed off outside.",
                                Unit.SECONDS,
                                query(
                                        "max by (app_kubernetes_io_name) (audit_checkpoint_age_seconds{<service>})",
                                        "{{app_kubernetes_io_name}}")),
                        graph(
                                "Consent",
                                "Consents that were given and taken back, within an hour.",
                                Unit.COUNT,
                                query(
                                        "sum by (outcome) (increase(consent_changes_total{<service>}[1h]))",
                                        "{{outcome}}")),
                        graph(
                                "Erasures",
                                "Members whose data was erased, within an hour.",
                                Unit.COUNT,
                                query(
                                        "sum by (app_kubernetes_io_name) (increase(data_deletions_total{<service>}[1h]))",
                                        "{{app_kubernetes_io_name}}"))));
    }
}
