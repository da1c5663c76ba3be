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
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

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
            assertThat(service.whoop().control().figures().totalCalls()).isZero();
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
