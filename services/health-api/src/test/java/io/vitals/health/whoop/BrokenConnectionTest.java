package io.vitals.health.whoop;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.outbound.Circuit;
import io.vitals.kit.outbound.OutboundClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the client does when a replica of whoop-service dies under its calls. Here each connection takes one call. */
class BrokenConnectionTest {
    private static final UUID MEMBER = UUID.fromString("7b3f0a52-2f0e-4a38-9a57-0c9f4f1f2a10");
    private static final LinkCallback CALLBACK = new LinkCallback("s", "b", "c", null);
    private static final String DIES = "";
    private static final String HANGS = "hangs";
    private static final String USED_BEFORE =
            answer("400 Bad Request", "{\"type\":\"urn:vitals:problem:link-state-invalid\"}");

    private final Deque<String> script = new ConcurrentLinkedDeque<>();
    private final AtomicInteger calls = new AtomicInteger();
    private ServerSocket server;
    private OutboundClient client;
    private WhoopService whoop;

    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        client = client(Duration.ofSeconds(30));
        whoop = new HttpWhoopService(client, client);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void a_call_is_made_again() {
        script.addAll(List.of(DIES, DIES, link("active")));
        assertThat(whoop.link(MEMBER).state()).isEqualTo(WhoopLink.State.ACTIVE);
    }

    @Test
    void a_call_is_not_made_more_than_four_times() {
        script.addAll(List.of(DIES, DIES, DIES, DIES, link("active")));
        assertThatThrownBy(() -> whoop.link(MEMBER)).isInstanceOf(WhoopUnavailableException.class);
        assertThat(script).as("answers that nobody asked for").hasSize(1);
    }

    @Test
    void a_replica_that_dies_does_not_open_the_breaker() {
        int calls = 6;
        for (int i = 0; i < calls; i++) {
            script.addAll(List.of(DIES, link("active")));
            assertThat(whoop.link(MEMBER).state()).isEqualTo(WhoopLink.State.ACTIVE);
        }
        assertThat(client.circuit()).isEqualTo(Circuit.CLOSED);
        // The control: one that is gone altogether does.
        script.clear();
        for (int i = 0; i < calls; i++) {
            assertThatThrownBy(() -> whoop.link(MEMBER)).isInstanceOf(WhoopUnavailableException.class);
        }
        assertThat(client.circuit()).isEqualTo(Circuit.OPEN);
    }

    @Test
    void all_attempts_share_the_deadline() {
        try (OutboundClient impatient = client(Duration.ofMillis(150))) {
            assertThatThrownBy(() -> new HttpWhoopService(impatient, impatient).link(MEMBER))
                    .isInstanceOf(WhoopUnavailableException.class);
        }
        assertThat(calls).as("the third would come after 300 ms").hasValueLessThanOrEqualTo(2);
    }

    @Test
    void a_call_that_takes_too_long_is_not_made_again() {
        try (OutboundClient impatient = client(Duration.ofMillis(500))) {
            script.addAll(List.of(HANGS, link("active")));
            assertThatThrownBy(() -> new HttpWhoopService(impatient, impatient).link(MEMBER))
                    .isInstanceOf(WhoopUnavailableException.class);
        }
        assertThat(calls).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void a_callback_whose_answer_was_lost_has_connected_if_the_link_says_so() {
        script.addAll(List.of(DIES, USED_BEFORE, link("active")));
        assertThat(whoop.finishLink(MEMBER, CALLBACK)).isEqualTo(LinkOutcome.CONNECTED);
        script.addAll(List.of(DIES, USED_BEFORE, link("none")));
        assertThat(whoop.finishLink(MEMBER, CALLBACK)).isEqualTo(LinkOutcome.INVALID);
        script.addAll(List.of(USED_BEFORE, link("active")));
        assertThat(whoop.finishLink(MEMBER, CALLBACK))
                .as("used twice, with no answer lost")
                .isEqualTo(LinkOutcome.INVALID);
    }

    private OutboundClient client(Duration deadline) {
        return HttpWhoopService.client("whoop-service", URI.create("http://127.0.0.1:" + server.getLocalPort()))
                .deadline(deadline)
                .build(new SimpleMeterRegistry(), Tracer.noOp());
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            readRequest(connection);
            calls.incrementAndGet();
            String next = script.isEmpty() ? DIES : script.pop();
            if (next.equals(HANGS)) {
                var _ = connection.getInputStream().read();
            } else {
                connection.getOutputStream().write(next.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client has hung up.
        }
    }

    private static void readRequest(Socket connection) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        int body = 0;
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                body = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        for (int i = 0; i < body; i++) {
            var _ = reader.read();
        }
    }

    private static String link(String state) {
        return answer("200 OK", "{\"state\":\"" + state + "\",\"scopes\":[]}");
    }

    private static String answer(String status, String json) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
                + "\r\nConnection: close\r\n\r\n" + json;
    }
}
