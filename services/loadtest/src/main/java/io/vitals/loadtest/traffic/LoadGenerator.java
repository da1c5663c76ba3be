package io.vitals.loadtest.traffic;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Load on loopback over kept-alive HTTP/1.1 connections. It shares the cores with what it measures, so it does as little as
 * it can: bytes in, status and length out.
 */
public final class LoadGenerator {
    private record Share(long[] nanos, long failed) {}

    private final int port;
    private final int connections;

    public LoadGenerator(int port, int connections) {
        this.port = port;
        this.connections = connections;
    }

    /**
     * Closed loop: every connection sends its next request when the last one is answered, which shows the most that is served.
     *
     * @param request the whole n-th request as bytes; n is unique over all connections
     * @param wanted the status that counts as answered
     */
    public Figures run(double seconds, int wanted, LongFunction<byte[]> request) throws InterruptedException {
        return run(seconds, 0, wanted, request);
    }

    /**
     * Open loop: requests fall due at a fixed rate whatever becomes of those before, and each is timed from when it was due. A server
     * that stands still therefore shows in every request that should have been sent meanwhile.
     *
     * @param perSecond requests a second over all connections
     */
    public Figures runAt(double perSecond, double seconds, int wanted, LongFunction<byte[]> request)
            throws InterruptedException {
        return run(seconds, perSecond, wanted, request);
    }

    private Figures run(double seconds, double perSecond, int wanted, LongFunction<byte[]> request)
            throws InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        AtomicLong next = new AtomicLong();
        List<Callable<Share>> tasks = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            tasks.add(() -> connection(next, start, end, perSecond, wanted, request));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Share> shares = new ArrayList<>();
            for (Future<Share> share : threads.invokeAll(tasks)) {
                shares.add(share.get());
            }
            return Figures.of(
                    shares.stream().flatMapToLong(s -> LongStream.of(s.nanos())).toArray(),
                    shares.stream().mapToLong(Share::failed).sum(),
                    (System.nanoTime() - start) / 1e9);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a connection failed", e.getCause());
        }
    }

    /** One request on a connection of its own; how long its answer took, in nanoseconds. */
    public long once(int wanted, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            long start = System.nanoTime();
            socket.getOutputStream().write(request);
            int status = answer(in);
            if (status != wanted) {
                throw new IllegalStateException("answered " + status + " instead of " + wanted);
            }
            return System.nanoTime() - start;
        }
    }

    private Share connection(
            AtomicLong next, long start, long end, double perSecond, int wanted, LongFunction<byte[]> request)
            throws IOException {
        LongStream.Builder nanos = LongStream.builder();
        long failed = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            while (true) {
                long n = next.getAndIncrement();
                byte[] bytes = request.apply(n);
                long due = perSecond > 0 ? start + (long) (n * 1e9 / perSecond) : System.nanoTime();
                if (due >= end) {
                    break;
                }
                await(due);
                out.write(bytes);
                out.flush();
                if (answer(in) == wanted) {
                    nanos.add(System.nanoTime() - due);
                } else {
                    failed++;
                }
            }
        }
        return new Share(nanos.build().toArray(), failed);
    }

    private static void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static int answer(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).substring(9, 12));
        long length = 0;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        if (chunked) {
            do {
                length = Long.parseLong(line(in).strip(), 16);
                in.skipNBytes(length + 2);
            } while (length > 0);
        } else {
            in.skipNBytes(length);
        }
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            } else if (c != '\r') {
                text.append((char) c);
            }
        }
        return text.toString();
    }

    public static byte[] get(String path, String bearer) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + bearer + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
