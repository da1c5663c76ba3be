package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.vitals.sandbox.member.Population;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WebhooksTest {
    /** A day has begun and its night has not ended, so that a new sleep takes no other's place. */
    private static final Instant NOW = Instant.parse("2026-11-23T01:30:00Z");

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger refuse = new AtomicInteger();
    private final Population people = Population.of(1, 2, Clock.fixed(NOW, ZoneOffset.UTC));
    private final WhoopSimulator whoop = WhoopSimulator.start(
            WhoopSimulatorConfig.of(Client.ID, Client.SECRET, Client.REDIRECT).withWebhookTimeFactor(0.000_01), people);
    private final WhoopControl control = whoop.control();
    private final HttpServer receiver = receiver();

    private record Received(String signature, String timestamp, String body) {
        JsonNode json() {
            try {
                return JsonMapper.builder().build().readTree(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        String type() {
            return json().path("type").asText();
        }

        boolean genuine() {
            return Hashes.signature(Client.SECRET, timestamp, body).equals(signature);
        }
    }

    @BeforeEach
    void link() throws Exception {
        control.webhookTargets(
                List.of(URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook")));
        new Client(whoop).accessToken(1);
    }

    @AfterEach
    void stop() {
        whoop.close();
        receiver.stop(0);
    }

    @Test
    void signaturesFollowTheCheckVector() {
        String body = "{\"user_id\":10129,\"id\":\"ecfc6a15-4661-442f-a9a4-f160dd7afae8\",\"type\":\"sleep.updated\","
                + "\"trace_id\":\"e369c784-5100-49e8-8098-75d35c47b31b\"}";
        assertThat(Hashes.signature("test-client-secret", "1748241241000", body))
                .isEqualTo("jxyIeoYVFjA1krHgN0rPNiKO4/RDLnwde673MGxxMmM=");
    }

    @Test
    void aNewSleepIsToldWithTheIdOfTheSleepForBothRecords() {
        UUID sleep = control.newSleep(1).sleep().id();
        awaitReceived(2);
        assertThat(types()).containsExactly("sleep.updated", "recovery.updated");
        for (Received event : received) {
            JsonNode body = event.json();
            assertThat(body.size()).isEqualTo(4);
            assertThat(body.get("user_id").asLong())
                    .isEqualTo(people.member(1).profile().userId());
            assertThat(body.get("id").asText()).isEqualTo(sleep.toString());
            assertThat(UUID.fromString(body.get("trace_id").asText()).version()).isEqualTo(4);
            assertThat(event.timestamp).isEqualTo(Long.toString(NOW.toEpochMilli()));
            assertThat(event.genuine()).isTrue();
        }
    }

    @Test
    void deletionsAreToldAndASleepTakesItsRecoveryAlong() {
        control.delete(1, people.member(1).workouts().getFirst().id());
        control.delete(1, people.member(1).sleeps().getFirst().id());
        awaitReceived(3);
        assertThat(types()).containsExactly("workout.deleted", "sleep.deleted", "recovery.deleted");
    }

    @Test
    void whatHappensByItselfIsToldAsTheClockMoves() {
        control.clockOffset(Duration.ofHours(16));
        await().atMost(Duration.ofSeconds(10)).until(() -> types().contains("recovery.updated"));
        assertThat(types()).contains("sleep.updated");
    }

    @Test
    void onlyLinkedMembersAreTalkedAbout() {
        control.newSleep(2);
        control.newSleep(1);
        awaitReceived(2);
        control.revoke(1);
        control.newSleep(1);
        control.sendEvent(1, UUID.randomUUID(), "workout.updated", UUID.randomUUID());
        await().atMost(Duration.ofSeconds(10)).until(() -> types().contains("workout.updated"));
        assertThat(received).hasSize(3);
    }

    @Test
    void aRefusedEventIsTriedFiveTimesMoreAsItWas() {
        refuse.set(5);
        control.sendEvent(1, UUID.randomUUID(), "sleep.updated", UUID.randomUUID());
        await().atMost(Duration.ofSeconds(10)).until(() -> control.figures().webhooksDelivered() == 1);
        assertThat(received).hasSize(6);
        assertThat(received.stream().distinct()).hasSize(1);
        refuse.set(100);
        control.sendEvent(1, UUID.randomUUID(), "sleep.updated", UUID.randomUUID());
        await().atMost(Duration.ofSeconds(10)).until(() -> control.figures().webhooksGivenUp() == 1);
        assertThat(received).hasSize(12);
    }

    @Test
    void copiesKeepTheirTraceAndOrderCanBeReversed() {
        control.webhooks(new WebhookSettings(1, true, false, false));
        control.newSleep(1);
        awaitReceived(4);
        assertThat(types()).containsExactly("recovery.updated", "recovery.updated", "sleep.updated", "sleep.updated");
        assertThat(received.get(0)).isEqualTo(received.get(1));
    }

    @Test
    void eventsAreDroppedOrForgedOnOrder() {
        control.webhooks(new WebhookSettings(0, false, true, false));
        control.newSleep(1);
        assertThat(control.figures().webhooksDropped()).isEqualTo(2);
        control.webhooks(new WebhookSettings(0, false, false, true));
        control.sendEvent(1, UUID.randomUUID(), "sleep.updated", UUID.randomUUID());
        awaitReceived(1);
        assertThat(received.getFirst().genuine()).isFalse();
    }

    private void awaitReceived(int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() >= count);
        assertThat(received).hasSize(count);
    }

    private List<String> types() {
        return received.stream().map(Received::type).toList();
    }

    private HttpServer receiver() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/hook", exchange -> {
                String body =
                        new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                received.add(new Received(
                        exchange.getRequestHeaders().getFirst("X-WHOOP-Signature"),
                        exchange.getRequestHeaders().getFirst("X-WHOOP-Signature-Timestamp"),
                        body));
                exchange.sendResponseHeaders(refuse.getAndDecrement() > 0 ? 500 : 204, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRecorderHearsWhatTheSenderKnowsOfEachDelivery() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        control.recordDeliveries(new DeliveryRecorder() {
            @Override
            public void sending(UUID trace) {
                heard.add("sending " + trace);
            }

            @Override
            public void attempted(UUID trace, Outcome outcome) {
                heard.add(outcome + " " + trace);
            }

            @Override
            public void gaveUp(UUID trace) {
                heard.add("gave up " + trace);
            }
        });
        UUID taken = UUID.randomUUID();
        refuse.set(1);
        control.sendEvent(1, UUID.randomUUID(), "sleep.updated", taken);
        await().atMost(Duration.ofSeconds(10)).until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("sending " + taken, "REFUSED " + taken, "ACCEPTED " + taken);

        heard.clear();
        UUID unsent = UUID.randomUUID();
        try (var closed = new ServerSocket(0)) {
            control.webhookTargets(List.of(URI.create("http://127.0.0.1:" + closed.getLocalPort())));
        }
        control.sendEvent(1, UUID.randomUUID(), "sleep.updated", unsent);
        await().atMost(Duration.ofSeconds(10)).until(() -> heard.contains("gave up " + unsent));
        assertThat(heard).filteredOn(("NOT_SENT " + unsent)::equals).hasSize(6);

        heard.clear();
        UUID unanswered = UUID.randomUUID();
        try (var mute = new ServerSocket(0)) {
            control.webhookTargets(List.of(URI.create("http://127.0.0.1:" + mute.getLocalPort())));
            Thread.ofVirtual().start(() -> hangUp(mute));
            control.sendEvent(1, UUID.randomUUID(), "sleep.updated", unanswered);
            await().atMost(Duration.ofSeconds(10)).until(() -> heard.contains("UNKNOWN " + unanswered));
        }
    }

    /** Reads a little of each request and hangs up. */
    private static void hangUp(ServerSocket mute) {
        while (!mute.isClosed()) {
            try (var client = mute.accept()) {
                var _ = client.getInputStream().read();
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }
}
