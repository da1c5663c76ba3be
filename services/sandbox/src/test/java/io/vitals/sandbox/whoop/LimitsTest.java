package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.sandbox.member.Population;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The quota and the faults. */
class LimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T19:30:00Z");

    private final Population people = Population.of(1, 1, Clock.fixed(NOW, ZoneOffset.UTC));
    private final WhoopSimulator whoop = WhoopSimulator.start(
            WhoopSimulatorConfig.of(Client.ID, Client.SECRET, Client.REDIRECT).withQuota(5, 8), people);
    private final WhoopControl control = whoop.control();
    private final Client client = new Client(whoop);

    @AfterEach
    void stop() {
        whoop.close();
    }

    @Test
    void theMinuteIsCountedInThreeHeadersAndEndsIn429() throws Exception {
        String token = client.accessToken(1);
        HttpResponse<String> first = client.api(token, "/v2/user/profile/basic");
        assertThat(header(first, "X-RateLimit-Limit")).isEqualTo("5, 5;window=60, 8;window=86400");
        assertThat(header(first, "X-RateLimit-Remaining")).isEqualTo("4");
        assertThat(header(first, "X-RateLimit-Reset")).isEqualTo("60");
        for (int i = 0; i < 4; i++) {
            assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(200);
        }
        control.clockOffset(Duration.ofSeconds(13));
        HttpResponse<String> refused = client.api(token, "/v2/user/profile/basic");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(header(refused, "X-RateLimit-Reset")).isEqualTo("47");
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(control.figures().busiestMinute()).isEqualTo(6);
        control.clockOffset(Duration.ofSeconds(61));
        assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(200);
    }

    @Test
    void theDayRunsOutToo() throws Exception {
        String token = client.accessToken(1);
        for (int minute = 0; minute < 8; minute++) {
            control.clockOffset(Duration.ofSeconds(30L * minute));
            assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = client.api(token, "/v2/user/profile/basic");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "X-RateLimit-Limit")).startsWith("8, ");
        assertThat(control.figures().busiestDay()).isEqualTo(9);
        control.clockOffset(Duration.ofDays(2));
        client.api(token, "/v2/user/profile/basic");
        assertThat(control.figures().busiestDay()).isEqualTo(9);
        control.clockOffset(Duration.ofSeconds(210));
        control.resetFigures();
        assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(200);
    }

    @Test
    void refusalsHitTheOrderedEndpointForTheOrderedCalls() throws Exception {
        String token = client.accessToken(1);
        control.failNext(Set.of(WhoopEndpoint.PROFILE), 2, new WhoopFault.Refuse(503));
        assertThat(client.api(token, "/v2/user/measurement/body").statusCode()).isEqualTo(200);
        assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(503);
        assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(503);
        assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(200);
        control.failFor(WhoopEndpoint.api(), Duration.ofMinutes(1), new WhoopFault.Refuse(429));
        HttpResponse<String> storm = client.api(token, "/v2/user/profile/basic");
        assertThat(storm.statusCode()).isEqualTo(429);
        assertThat(header(storm, "X-RateLimit-Remaining")).isEqualTo("0");
        control.clockOffset(Duration.ofSeconds(61));
        assertThat(client.api(token, "/v2/user/profile/basic").statusCode()).isEqualTo(200);
        assertThat(control.orderedFaults()).isEmpty();
    }

    @Test
    void bodiesAreBrokenOnOrder() throws Exception {
        String token = client.accessToken(1);
        Set<WhoopEndpoint> cycle = Set.of(WhoopEndpoint.CYCLE);
        control.failNext(cycle, 1, new WhoopFault.CutBody());
        assertThatThrownBy(() -> client.api(token, "/v2/cycle")).isInstanceOf(IOException.class);
        control.failNext(cycle, 1, new WhoopFault.BrokenJson());
        HttpResponse<String> broken = client.api(token, "/v2/cycle");
        assertThat(broken.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> Client.json(broken)).isInstanceOf(JsonProcessingException.class);
        control.failNext(cycle, 1, new WhoopFault.WrongShape());
        JsonNode wrong = Client.json(client.api(token, "/v2/cycle"));
        assertThat(wrong.get("records").get(1).get("id").isTextual()).isTrue();
        control.failNext(cycle, 1, new WhoopFault.EmptyBody());
        assertThat(client.api(token, "/v2/cycle").body()).isEmpty();
        control.failAfter(1, cycle, 1, new WhoopFault.Redirect());
        assertThat(client.api(token, "/v2/cycle").statusCode()).isEqualTo(200);
        HttpResponse<String> redirect = client.api(token, "/v2/cycle");
        assertThat(redirect.statusCode()).isEqualTo(307);
        assertThat(header(redirect, "Location")).isEqualTo("/developer/v2/cycle?limit=1");
        control.clockOffset(Duration.ofSeconds(61));
        control.failNext(cycle, 1, new WhoopFault.Slow(Duration.ofMillis(300)));
        long before = System.nanoTime();
        assertThat(client.api(token, "/v2/cycle").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(290));
    }

    @Test
    void aCutTokenAnswerHasRotatedAllTheSame() throws Exception {
        String refresh = client.link(1, Client.SCOPES).path("refresh_token").asText();
        control.failNext(Set.of(WhoopEndpoint.TOKEN), 1, new WhoopFault.CutBody());
        assertThatThrownBy(() -> client.refresh(refresh)).isInstanceOf(IOException.class);
        assertThat(client.refresh(refresh).statusCode()).isEqualTo(400);
        assertThat(control.linked(1)).isFalse();
    }

    @Test
    void aLostAnswerToARevocationHasRevokedAllTheSame() throws Exception {
        String token = client.accessToken(1);
        control.failNext(Set.of(WhoopEndpoint.ACCESS), 1, new WhoopFault.CutBody());
        assertThatThrownBy(() -> client.send("DELETE", token, "/v2/user/access"))
                .isInstanceOf(IOException.class);
        assertThat(control.linked(1)).isFalse();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
