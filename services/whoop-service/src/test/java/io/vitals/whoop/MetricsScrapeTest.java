package io.vitals.whoop;

import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.TracingSettings;
import io.vitals.kit.management.ManagementServer;
import io.vitals.kit.management.Probes;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What Prometheus finds at a service to which nothing has happened yet. */
class MetricsScrapeTest {
    private static final String[] OPERATIONS = {
        "list-cycle",
        "list-recovery",
        "list-sleep",
        "list-workout",
        "get-cycle",
        "get-recovery",
        "get-sleep",
        "get-workout",
        "get-profile",
        "get-body",
        "revoke-access"
    };

    @Test
    void theClientsSeriesAreThereWithTheirLabelsBeforeTheFirstCall() throws Exception {
        Probes probes = new Probes(Clock.systemUTC());
        try (ManagementServer management = ManagementServer.start(
                        new ManagementSettings("127.0.0.1", 0),
                        "whoop-service",
                        MetricsScrapeTest.class,
                        probes,
                        new TracingSettings(false, "127.0.0.1", 4318));
                RunningService service = RunningService.start(management.registry())) {
            String page = scrape(management.port());

            for (String operation : OPERATIONS) {
                shows(page, "whoop_client_requests_seconds_count", "0", "operation", operation, "outcome", "success");
                shows(page, "whoop_client_requests_seconds_count", "0", "operation", operation, "outcome", "error");
            }
            shows(page, "whoop_client_circuit_state", "1.0", "state", "closed");
            shows(page, "whoop_client_circuit_state", "0.0", "state", "open");
            shows(page, "whoop_client_circuit_state", "0.0", "state", "half_open");
            shows(page, "outbound_circuit_state", "1.0", "state", "closed", "upstream", "whoop-token");
            shows(page, "whoop_client_rate_limit_limit", "100.0", "window", "minute");
            shows(page, "whoop_client_rate_limit_limit", "10000.0", "window", "day");
            shows(page, "whoop_client_rate_limit_remaining", "100.0", "window", "minute");
            shows(page, "whoop_client_rate_limit_remaining", "10000.0", "window", "day");
            shows(page, "whoop_client_rate_limited_total", "0.0");
            shows(page, "whoop_client_quota_used_today", "0.0");
            shows(page, "whoop_client_quota_members_capacity", "1055.0");
            shows(page, "internal_calls_refused_total", "0.0", "reason", "coverage");
            shows(page, "app_log_events_total", "0.0", "event", "library", "level", "error");
            shows(page, "app_build_info", "1.0", "color", "none", "git_sha", "unknown", "version", "unknown");
            for (String what : new String[] {"parallelism", "pool", "mounted", "queued"}) {
                assertThat(page).contains("app_vthread_scheduler_" + what);
            }
            shows(
                    page,
                    "http_server_requests_seconds_count",
                    "0",
                    "method",
                    "POST",
                    "route",
                    "/webhooks/whoop",
                    "slo",
                    "true");
            assertThat(page).contains("db_query_seconds_count{");
            linksAndTokens(page);
            webhooks(page);
            sync(page);
            shows(page, "audit_events_total", "0", "outcome", "success");
            shows(page, "audit_events_total", "0", "outcome", "failure");
            assertThat(page).containsPattern("(?m)^whoop_scheduler_leader(\\{[^}]*})? [01]\\.0$");
            assertThat(service.whoop().control().figures().totalCalls()).isZero();

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> shows(scrape(management.port()), "whoop_scheduler_leader", "1.0"));
        }
    }

    private static void linksAndTokens(String page) {
        for (String outcome : new String[] {"success", "denied", "error"}) {
            shows(page, "whoop_oauth_authorizations_total", "0", "outcome", outcome);
        }
        for (String outcome : new String[] {"success", "error", "revoked", "timeout"}) {
            shows(page, "whoop_oauth_token_refresh_total", "0", "outcome", outcome);
        }
        for (String state : new String[] {"active", "expiring", "expired", "revoked"}) {
            shows(page, "whoop_oauth_tokens", "0", "state", state);
        }
    }

    private static void webhooks(String page) {
        for (String kind : new String[] {"sleep", "recovery", "workout"}) {
            for (String change : new String[] {".updated", ".deleted"}) {
                String type = kind + change;
                for (String outcome :
                        new String[] {"accepted", "duplicate", "bad_signature", "malformed", "stale", "error"}) {
                    shows(page, "whoop_webhook_received_total", "0", "outcome", outcome, "type", type);
                }
                shows(page, "whoop_webhook_processing_seconds_count", "0", "type", type);
                shows(page, "whoop_webhook_queue_depth", "0", "type", type);
                shows(page, "whoop_webhook_oldest_pending_seconds", "0", "type", type);
                shows(page, "whoop_webhook_dead_letter", "0", "type", type);
                shows(page, "whoop_webhook_last_received_timestamp_seconds", "0", "type", type);
            }
        }
    }

    private static void sync(String page) {
        for (String type : new String[] {"cycle", "recovery", "sleep", "workout", "profile", "body"}) {
            for (String trigger :
                    new String[] {"backfill", "poll", "webhook", "member", "history", "reconcile", "gap"}) {
                for (String outcome : new String[] {"success", "error"}) {
                    shows(page, "whoop_sync_runs_total", "0", "outcome", outcome, "trigger", trigger, "type", type);
                }
            }
            shows(page, "whoop_sync_duration_seconds_count", "0", "type", type);
            shows(page, "whoop_sync_last_success_timestamp_seconds", "0", "type", type);
            shows(page, "whoop_records_upserted_total", "0", "type", type);
        }
        shows(page, "whoop_sync_users_stale", "0");
        for (String quantile : new String[] {"p50", "p95", "max"}) {
            shows(page, "whoop_sync_lag_seconds", "0", "percentile", quantile);
        }
    }

    private static void shows(String page, String series, String value, String... labels) {
        StringBuilder pattern = new StringBuilder("(?m)^").append(series);
        for (int i = 0; i < labels.length; i += 2) {
            pattern.append("[{,][^}]*")
                    .append(labels[i])
                    .append("=\"")
                    .append(labels[i + 1])
                    .append('"');
        }
        pattern.append(labels.length > 0 ? "[^}]*}" : "(\\{mp_scope[^}]*})?")
                .append(" ")
                .append(Pattern.quote(value))
                .append("(\\.0)?$");
        assertThat(page).containsPattern(pattern.toString());
    }

    private static String scrape(int port) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .header("Accept", "text/plain")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
