package io.vitals.sandbox.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One port before several replicas, as a service of a cluster is: a new connection goes to the next replica that was
 * ready at the last look, and stays with it. It understands no HTTP and tries nothing twice, so a caller meets all that it
 * would meet in production.
 */
final class Balancer implements AutoCloseable {
    /** A cluster takes about as long to learn that a replica is not ready. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private static final Duration CONNECT = Duration.ofSeconds(1);

    /** A replica, by its port. */
    record Backend(int port, BooleanSupplier ready) {}

    private final ServerSocket listener;
    private final List<Backend> backends;
    private final ScheduledThreadPoolExecutor looks =
            new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().factory());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile List<Backend> ready;
    private int next;

    private Balancer(int port, List<Backend> backends) throws IOException {
        this.backends = List.copyOf(backends);
        this.ready = this.backends;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    static Balancer start(int port, List<Backend> backends) {
        try {
            var balancer = new Balancer(port, backends);
            var _ = balancer.looks.scheduleWithFixedDelay(
                    balancer::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            Thread.ofVirtual().start(balancer::accept);
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    private void look() {
        ready = backends.stream()
                .filter(backend -> backend.ready().getAsBoolean())
                .toList();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // The listener was closed, or the client has gone already.
            }
        }
    }

    private void serve(Socket client) {
        List<Backend> candidates = ready;
        if (candidates.isEmpty()) {
            close(client);
            return;
        }
        var server = new Socket();
        open.add(server);
        try {
            server.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            candidates.get(turn(candidates.size())).port()),
                    (int) CONNECT.toMillis());
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            close(server);
            close(client);
            return;
        }
        Thread.ofVirtual().start(() -> pass(client, server));
        pass(server, client);
    }

    private synchronized int turn(int size) {
        next = (next + 1) % size;
        return next;
    }

    /** A side that ends ends the other: nobody here goes on talking to who has hung up. */
    private void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side was killed; both learn of it below.
        } finally {
            close(from);
            close(to);
        }
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.forEach(this::close);
        }
    }
}
