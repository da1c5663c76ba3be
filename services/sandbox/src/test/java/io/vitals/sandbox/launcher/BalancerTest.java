package io.vitals.sandbox.launcher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BalancerTest {
    private static final int GONE = -1;

    private final AtomicBoolean firstIsReady = new AtomicBoolean(true);
    private final AtomicBoolean secondIsReady = new AtomicBoolean(true);
    private ServerSocket first;
    private ServerSocket second;
    private Balancer balancer;

    @BeforeEach
    void start() throws Exception {
        first = echoAfter('1');
        second = echoAfter('2');
        balancer = Balancer.start(
                0,
                List.of(
                        new Balancer.Backend(first.getLocalPort(), firstIsReady::get),
                        new Balancer.Backend(second.getLocalPort(), secondIsReady::get)));
    }

    @AfterEach
    void stop() throws Exception {
        balancer.close();
        first.close();
        second.close();
    }

    @Test
    void connections_go_to_both_in_turn_and_carry_bytes_both_ways() throws Exception {
        Set<Integer> greeted = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            try (Socket client = connect()) {
                greeted.add(client.getInputStream().read());
                client.getOutputStream().write('x');
                assertThat(client.getInputStream().read()).isEqualTo('x');
            }
        }
        assertThat(greeted).containsExactlyInAnyOrder((int) '1', (int) '2');
    }

    @Test
    void who_is_not_ready_gets_no_new_connection_and_keeps_the_old_ones() throws Exception {
        try (Socket a = connect();
                Socket b = connect()) {
            int greetings = a.getInputStream().read() + b.getInputStream().read();
            assertThat(greetings).as("one at each").isEqualTo('1' + '2');
            firstIsReady.set(false);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> IntStream.range(0, 3).allMatch(_ -> greeting() == '2'));
            for (Socket old : List.of(a, b)) {
                old.getOutputStream().write('y');
                assertThat(old.getInputStream().read()).isEqualTo('y');
            }
            secondIsReady.set(false);
            await("nobody is there").atMost(Duration.ofSeconds(20)).until(() -> greeting() == GONE);
        }
    }

    @Test
    void a_dead_replica_is_seen_as_it_is_until_the_next_look() throws Exception {
        first.close();
        Set<Integer> seen = new HashSet<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            seen.add(greeting());
            return seen.size() == 2;
        });
        assertThat(seen).containsExactlyInAnyOrder((int) '2', GONE);
    }

    private int greeting() {
        try (Socket client = connect()) {
            return client.getInputStream().read();
        } catch (IOException e) {
            return GONE;
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), balancer.port());
    }

    /** Greets with a letter and then gives back what it gets. */
    private static ServerSocket echoAfter(char greeting) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> echo(client, greeting));
                } catch (IOException e) {
                    // Closed at the end of the test.
                }
            }
        });
        return server;
    }

    private static void echo(Socket client, char greeting) {
        try (client) {
            client.getOutputStream().write(greeting);
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // The other side has hung up.
        }
    }
}
