package io.vitals.kit.outbound;

import com.sun.net.httpserver.HttpServer;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** A process that was asked to stop still answers the requests it has, and needs its upstreams for that. */
class CallsDuringStopTest {
    private static final int CALLS = 20;

    @Test
    void calls_succeed_until_the_client_is_closed() throws Exception {
        var served = new AtomicInteger();
        HttpServer upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", exchange -> {
            served.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        upstream.start();
        try {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Stopping.class.getName(),
                            "http://127.0.0.1:" + upstream.getAddress().getPort())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(served).hasValue(CALLS);
        } finally {
            upstream.stop(0);
        }
    }

    /** Is asked to stop after its first call and makes the others while it stops. */
    static final class Stopping {
        private Stopping() {}

        public static void main(String[] arguments) {
            OutboundClient client = OutboundClient.builder("upstream", URI.create(arguments[0]))
                    .deadline(Duration.ofSeconds(30))
                    .build(new SimpleMeterRegistry(), Tracer.noOp());
            client.send(OutboundRequest.get("call", "/"));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(drain(client) ? 0 : 1)));
            System.exit(2);
        }

        /** Hooks run side by side, so the calls are spread over the time that other hooks may take. */
        private static boolean drain(OutboundClient client) {
            try {
                for (int call = 2; call <= CALLS; call++) {
                    client.send(OutboundRequest.get("call", "/"));
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
                return true;
            } catch (OutboundException e) {
                return false;
            }
        }
    }
}
