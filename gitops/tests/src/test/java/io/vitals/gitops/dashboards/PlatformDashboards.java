package io.vitals.gitops.dashboards;

import io.vitals.gitops.dashboards.Panel.Unit;

import java.util.List;

import static io.vitals.gitops.dashboards.Dashboard.row;
import static io.vitals.gitops.dashboards.Panel.graph;
import static io.vitals.gitops.dashboards.Panel.query;
import static io.vitals.gitops.dashboards.Panel.table;

/** What the services stand on. */
final class PlatformDashboards {
    private PlatformDashboards() {}

    static List<Dashboard> all() {
        return List.of(postgresql(), nodes(), network());
    }

    private static Dashboard postgresql() {
        return Dashboard.of(
                "postgresql",
                "Vitals: PostgreSQL",
                "Both databases, from the server and from the services' side.",
                row(
                        "Sessions",
                        graph(
                                "By state",
                                "Sessions of each database by state. Idle in transaction is what holds locks for nothing.",
                                Unit.COUNT,
                                query(
                                        "sum by (namespace, state) (cnpg_backends_total{<namespace>})",
                                        "{{namespace}} {{state}}")),
                        graph(
                                        "Of those there may be",
                                        "Share of the connections that a server takes.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (namespace, pod) (cnpg_backends_total{<namespace>}) / max by (namespace, pod) (cnpg_pg_settings_setting{<namespace>,name=\"max_connections\"})",
                                                "{{pod}}"))
                                .from(0.8, 0.95),
                        graph(
                                "Waiting for a lock",
                                "Sessions that wait for another one.",
                                Unit.COUNT,
                                query(
                                        "sum by (namespace) (cnpg_backends_waiting_total{<namespace>})",
                                        "{{namespace}}")),
                        graph(
                                        "Oldest transaction",
                                        "How long the oldest transaction of each state is open.",
                                        Unit.SECONDS,
                                        query(
                                                "max by (namespace, state) (cnpg_backends_max_tx_duration_seconds{<namespace>})",
                                                "{{namespace}} {{state}}"))
                                .from(120, 300),
                        graph(
                                        "Pool",
                                        "Share of a pool that is in use, by service.",
                                        Unit.RATIO,
                                        query(
                                                "max by (pool, pod) (hikaricp_connections_active{<service>} / hikaricp_connections_max{<service>})",
                                                "{{pod}}"))
                                .from(0.9),
                        graph(
                                "Waiting for the pool",
                                "Threads that wait for a connection; and those that gave up, a second.",
                                Unit.COUNT,
                                query("max by (pool) (hikaricp_connections_pending{<service>})", "{{pool}} waiting"),
                                query(
                                        "sum by (pool) (rate(hikaricp_connections_timeout_total{<service>}[<rate>]))",
                                        "{{pool}} gave up"))),
                row(
                        "Work",
                        graph(
                                "Transactions",
                                "Transactions a second, those that were rolled back apart.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (namespace) (rate(cnpg_pg_stat_database_xact_commit{<namespace>}[<rate>]))",
                                        "{{namespace}}"),
                                query(
                                        "sum by (namespace) (rate(cnpg_pg_stat_database_xact_rollback{<namespace>}[<rate>]))",
                                        "{{namespace}} rolled back")),
                        graph(
                                "From memory",
                                "Share of the blocks that were not read from disk.",
                                Unit.RATIO,
                                query(
                                        "sum by (namespace) (rate(cnpg_pg_stat_database_blks_hit{<namespace>}[<rate>])) / (sum by (namespace) (rate(cnpg_pg_stat_database_blks_hit{<namespace>}[<rate>])) + sum by (namespace) (rate(cnpg_pg_stat_database_blks_read{<namespace>}[<rate>])))",
                                        "{{namespace}}")),
                        graph(
                                "Deadlocks",
                                "Transactions that were ended because they waited for each other, within an hour.",
                                Unit.COUNT,
                                query(
                                        "sum by (namespace, datname) (increase(cnpg_pg_stat_database_deadlocks{<namespace>}[1h]))",
                                        "{{datname}}")),
                        table(
                                "Statements",
                                "The ten on which the services spend most time, in seconds a second, of the last hour.",
                                Unit.SECONDS,
                                query(
                                        "topk(10, sum by (app_kubernetes_io_name, statement) (rate(db_query_seconds_sum{<service>}[1h])))",
                                        "{{statement}}")),
                        graph(
                                "Statements that failed",
                                "Statements that did not succeed, by how they ended.",
                                Unit.EVENTS_A_SECOND,
                                query(
                                        "sum by (app_kubernetes_io_name, outcome) (rate(db_query_seconds_count{<service>,outcome!=\"success\"}[<rate>]))",
                                        "{{app_kubernetes_io_name}} {{outcome}}"))),
                row(
                        "Copies",
                        graph(
                                        "Behind",
                                        "How far replicas are behind.",
                                        Unit.SECONDS,
                                        query(
                                                "max by (namespace, pod) (cnpg_pg_replication_lag{<namespace>} and on (namespace, pod) cnpg_pg_replication_in_recovery{<namespace>} == 1)",
                                                "{{pod}}"))
                                .from(60),
                        graph(
                                        "Since the archive got a file",
                                        "Time since the last file of the log was archived.",
                                        Unit.SECONDS,
                                        query(
                                                "max by (namespace) (cnpg_pg_stat_archiver_seconds_since_last_archival{<namespace>})",
                                                "{{namespace}}"))
                                .from(900),
                        graph(
                                "Size",
                                "Bytes of each database.",
                                Unit.BYTES,
                                query(
                                        "max by (namespace, datname) (cnpg_pg_database_size_bytes{<namespace>})",
                                        "{{datname}}"))));
    }

    private static Dashboard nodes() {
        return Dashboard.of(
                "nodes",
                "Vitals: nodes and pods",
                "How much of what there is is used, what waits, what fails.",
                row(
                        "Nodes",
                        graph(
                                        "Processors",
                                        "Share of the time that processors work.",
                                        Unit.RATIO,
                                        query(
                                                "1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[<rate>]))",
                                                "{{instance}}"))
                                .from(0.9),
                        graph(
                                        "Memory",
                                        "Share of the memory that could not be had.",
                                        Unit.RATIO,
                                        query(
                                                "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes",
                                                "{{instance}}"))
                                .from(0.9),
                        graph(
                                        "Disks",
                                        "Share of each file system that is taken.",
                                        Unit.RATIO,
                                        query(
                                                "1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{fstype!~\"tmpfs|overlay\"} / node_filesystem_size_bytes{fstype!~\"tmpfs|overlay\"})",
                                                "{{instance}} {{mountpoint}}"))
                                .from(0.85, 0.97),
                        graph(
                                "Work of disks",
                                "Share of the time that a disk is busy.",
                                Unit.RATIO,
                                query(
                                        "max by (instance, device) (rate(node_disk_io_time_seconds_total[<rate>]))",
                                        "{{instance}} {{device}}")),
                        graph(
                                "Received",
                                "Bytes a second from the network.",
                                Unit.BYTES_A_SECOND,
                                query(
                                        "sum by (instance) (rate(node_network_receive_bytes_total{device!~\"lo|veth.*\"}[<rate>]))",
                                        "{{instance}}")),
                        graph(
                                "Sent",
                                "Bytes a second to the network.",
                                Unit.BYTES_A_SECOND,
                                query(
                                        "sum by (instance) (rate(node_network_transmit_bytes_total{device!~\"lo|veth.*\"}[<rate>]))",
                                        "{{instance}}"))),
                row(
                        "Pods",
                        graph(
                                        "Processors of their limit",
                                        "Share of its limit that a pod uses.",
                                        Unit.RATIO,
                                        query(
                                                "sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{<namespace>,container!=\"\"}[<rate>])) / sum by (namespace, pod) (kube_pod_container_resource_limits{<namespace>,resource=\"cpu\"})",
                                                "{{pod}}"))
                                .from(0.9),
                        graph(
                                        "Memory of their limit",
                                        "Share of its limit that a container uses. At all of it the container is killed.",
                                        Unit.RATIO,
                                        query(
                                                "max by (namespace, pod, container) (container_memory_working_set_bytes{<namespace>,container!=\"\"}) / max by (namespace, pod, container) (kube_pod_container_resource_limits{<namespace>,resource=\"memory\"})",
                                                "{{pod}} {{container}}"))
                                .from(0.9),
                        graph(
                                "Held back",
                                "Share of the periods in which a container wanted more processors than its limit.",
                                Unit.RATIO,
                                query(
                                        "sum by (namespace, pod) (rate(container_cpu_cfs_throttled_periods_total{<namespace>,container!=\"\"}[<rate>])) / sum by (namespace, pod) (rate(container_cpu_cfs_periods_total{<namespace>,container!=\"\"}[<rate>]))",
                                        "{{pod}}")),
                        graph(
                                "Restarts",
                                "Restarts of containers within an hour.",
                                Unit.COUNT,
                                query(
                                        "sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{<namespace>}[1h]))",
                                        "{{pod}}")),
                        table(
                                "Killed for memory",
                                "Containers whose last end was that.",
                                Unit.COUNT,
                                query(
                                        "sum by (namespace, pod, container) (kube_pod_container_status_last_terminated_reason{<namespace>,reason=\"OOMKilled\"}) > 0",
                                        "{{pod}}")),
                        table(
                                "Asked for",
                                "Processors that pods ask for, by namespace.",
                                Unit.COUNT,
                                query(
                                        "sum by (namespace) (kube_pod_container_resource_requests{<namespace>,resource=\"cpu\"})",
                                        "{{namespace}}"))));
    }

    private static Dashboard network() {
        return Dashboard.of(
                "network",
                "Vitals: network",
                "Whether the way in works, and the ways out.",
                row(
                        "The way in",
                        graph(
                                "Probes",
                                "Share of the probes of five minutes that were answered.",
                                Unit.RATIO,
                                query(
                                        "avg by (job, instance) (avg_over_time(probe_success[5m]))",
                                        "{{job}} {{instance}}")),
                        graph(
                                "Names",
                                "How long it takes to find the address.",
                                Unit.SECONDS,
                                query("max by (instance) (probe_dns_lookup_time_seconds)", "{{instance}}")),
                        graph(
                                        "A whole probe",
                                        "How long a probe takes.",
                                        Unit.SECONDS,
                                        query("max by (instance) (probe_duration_seconds)", "{{instance}}"))
                                .from(1),
                        graph(
                                "Certificate that is served",
                                "Time that is left of the certificate that a probe saw.",
                                Unit.SECONDS,
                                query("min by (instance) (probe_ssl_earliest_cert_expiry) - time()", "{{instance}}")),
                        graph(
                                "Certificates",
                                "Time that is left of each certificate.",
                                Unit.SECONDS,
                                query(
                                        "min by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds) - time()",
                                        "{{name}}")),
                        table(
                                "Certificates that are not ready",
                                "Usual is none.",
                                Unit.COUNT,
                                query(
                                        "sum by (exported_namespace, name) (certmanager_certificate_ready_status{condition!=\"True\"}) > 0",
                                        "{{name}}"))),
                row(
                        "The ways out",
                        graph(
                                "Calls",
                                "Calls of the services by whom they ask and how it ended.",
                                Unit.REQUESTS_A_SECOND,
                                query(
                                        "sum by (upstream, outcome) (rate(outbound_requests_seconds_count{<service>}[<rate>]))",
                                        "{{upstream}} {{outcome}}")),
                        graph(
                                "Time",
                                "Mean time of a call.",
                                Unit.SECONDS,
                                query(
                                        "sum by (upstream) (rate(outbound_requests_seconds_sum{<service>}[<rate>])) / sum by (upstream) (rate(outbound_requests_seconds_count{<service>}[<rate>]))",
                                        "{{upstream}}")),
                        graph(
                                        "Breakers",
                                        "1 while calls are not even tried.",
                                        Unit.COUNT,
                                        query(
                                                "max by (app_kubernetes_io_name, upstream) (outbound_circuit_state{<service>,state=\"open\"})",
                                                "{{app_kubernetes_io_name}} to {{upstream}}"))
                                .from(1)));
    }
}
