package io.vitals.whoop.feed;

import io.vitals.whoop.model.MemberId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedTest {
    private static final LocalDate DAY = LocalDate.parse("2026-03-02");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LONG_WAIT = Duration.ofSeconds(60);

    private FeedScene scene;

    @BeforeAll
    void open() {
        scene = new FeedScene();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void aChangeThatCommitsLateIsNotSkippedByAReaderThatReadOn() throws Exception {
        String start = scene.drain();
        MemberId slow = new MemberId(UUID.randomUUID());
        MemberId fast = new MemberId(UUID.randomUUID());
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);
        CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(
                () -> scene.database.transaction(tx -> {
                    scene.feed.append(tx, slow, "sleep", Set.of(DAY));
                    written.countDown();
                    return awaitQuietly(mayCommit);
                }),
                scene.threads);
        written.await();
        change(fast, DAY);

        // The fast one has committed, but the slow one began before it and still runs.
        Feed.Page during = scene.read(start, Duration.ZERO);
        assertThat(during.changes()).isEmpty();

        mayCommit.countDown();
        assertThat(late.join()).isTrue();
        List<Change> after = new ArrayList<>();
        await().atMost(SOON).until(() -> {
            Feed.Page page = scene.read(start, Duration.ZERO);
            after.clear();
            after.addAll(page.changes());
            return after.size() == 2;
        });
        assertThat(after).extracting(Change::member).containsExactly(slow, fast);
    }

    @Test
    void manyWritersOfDifferentSpeedLoseNothingToAReaderThatFollows() {
        String cursor = scene.drain();
        int writers = 8;
        int each = 25;
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            MemberId member = new MemberId(new UUID(7, writer));
            Random pace = new Random(writer);
            running.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < each; i++) {
                            LocalDate day = DAY.plusDays(i);
                            scene.database.transaction(tx -> {
                                scene.feed.append(tx, member, "cycle", Set.of(day));
                                return awaitQuietly(new CountDownLatch(1), pace.nextInt(15));
                            });
                            scene.feed.wake();
                        }
                    },
                    scene.threads));
        }
        List<Change> seen = new ArrayList<>();
        String at = cursor;
        long deadline = System.nanoTime() + SOON.toNanos();
        while (seen.size() < writers * each && System.nanoTime() < deadline) {
            Feed.Page page = scene.read(at, Duration.ofSeconds(1));
            seen.addAll(page.changes());
            at = page.cursor();
        }
        running.forEach(CompletableFuture::join);

        assertThat(seen).hasSize(writers * each).doesNotHaveDuplicates();
    }

    @Test
    void aWaitingReaderIsToldAtOnce() {
        String cursor = scene.drain();
        MemberId member = new MemberId(UUID.randomUUID());
        CompletableFuture<Feed.Page> waiting =
                CompletableFuture.supplyAsync(() -> scene.read(cursor, LONG_WAIT), scene.threads);
        change(member, DAY);

        await().atMost(LONG_WAIT.dividedBy(2)).until(waiting::isDone);
        assertThat(waiting.join().changes()).extracting(Change::member).containsExactly(member);
    }

    @Test
    void aWaitEndsWhenTheServiceStopsAndACursorOfSomebodyElseIsRefused() {
        String cursor = scene.drain();

        assertThat(scene.feed.read(cursor, 10, Duration.ofSeconds(20), () -> true))
                .hasValueSatisfying(page -> assertThat(page.cursor()).isEqualTo(cursor));
        assertThat(scene.feed.read("c1-1; DROP TABLE change", 10, Duration.ZERO, () -> false))
                .isEmpty();
    }

    private void change(MemberId member, LocalDate day) {
        scene.database.transaction(tx -> {
            scene.feed.append(tx, member, "sleep", Set.of(day));
            return true;
        });
        scene.feed.wake();
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        return awaitQuietly(latch, SOON.toMillis());
    }

    private static boolean awaitQuietly(CountDownLatch latch, long millis) {
        try {
            boolean _ = latch.await(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
