package io.vitals.journey.image;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Some who read through the proxy all the time, each one request after the other, and what they got. */
final class Readers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final List<String> PATHS = List.of("/", "/openapi", "/api/v1/me");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI origin;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    Readers(URI origin, int count) {
        this.origin = origin;
        for (int i = 0; i < count; i++) {
            int first = i;
            threads.add(Thread.ofVirtual().start(() -> read(first)));
        }
    }

    private void read(int first) {
        for (int i = first; !ended.get(); i++) {
            String path = PATHS.get(i % PATHS.size());
            // Who is not signed in is told so; that is an answer too, and it takes the database.
            int expected = path.equals("/api/v1/me") ? 401 : 200;
            try {
                int status = http.send(
                                HttpRequest.newBuilder(origin.resolve(path))
                                        .timeout(PATIENCE)
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
                answers.incrementAndGet();
                if (status != expected) {
                    failures.add(path + ": " + status);
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            } catch (IOException e) {
                failures.add(path + ": " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    int answers() {
        return answers.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        ended.set(true);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
