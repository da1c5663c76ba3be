package io.vitals.gitops.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks for the same page at a constant rate, however long the answers take, each time over a connection of its own: so that every request
 * goes where the Service points at that moment.
 */
final class Requests implements AutoCloseable {
    private static final int LIMIT_MILLIS = 5_000;

    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();
    private final Map<String, Instant> latest = new ConcurrentSkipListMap<>();
    private final InetSocketAddress address;
    private final byte[] request;
    private volatile boolean open = true;

    private Requests(String host, int port, String path) {
        address = new InetSocketAddress(host, port);
        request = ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static Requests start(String host, int port, String path, int perSecond) {
        var requests = new Requests(host, port, path);
        long apart = Duration.ofSeconds(1).toNanos() / perSecond;
        requests.senders.execute(() -> requests.sendEvery(apart));
        return requests;
    }

    /** How many of each answer came so far; what was no answer, by what it was. */
    Map<String, AtomicInteger> answers() {
        return answers;
    }

    int total() {
        return answers.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** How many answers other than this one came so far. */
    int but(String answer) {
        return total()
                - Optional.ofNullable(answers.get(answer))
                        .map(AtomicInteger::get)
                        .orElse(0);
    }

    /** When an answer other than this one came last. */
    Optional<Instant> lastBut(String answer) {
        return latest.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(answer))
                .map(Map.Entry::getValue)
                .max(Instant::compareTo);
    }

    @Override
    public void close() {
        open = false;
        senders.close();
    }

    /** By the time that it is, not by how long a turn took: what comes late is made up for. */
    private void sendEvery(long nanos) {
        for (long next = System.nanoTime(); open; next += nanos) {
            LockSupport.parkNanos(next - System.nanoTime());
            try {
                senders.execute(this::send);
            } catch (RejectedExecutionException closed) {
                return;
            }
        }
    }

    private void send() {
        String answer = ask();
        latest.put(answer, Instant.now());
        answers.computeIfAbsent(answer, first -> new AtomicInteger()).incrementAndGet();
    }

    private String ask() {
        try (var socket = new Socket()) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.connect(address, LIMIT_MILLIS);
            socket.getOutputStream().write(request);
            // The server leaves the connection open whatever is asked; how it answered stands in the first line.
            String text = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return text.startsWith("HTTP/1.1 ") ? text.substring(9) : "no answer";
        } catch (IOException e) {
            return e.getClass().getSimpleName() + " " + e.getMessage();
        }
    }
}
