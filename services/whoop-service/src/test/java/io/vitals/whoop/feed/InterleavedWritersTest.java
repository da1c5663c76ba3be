package io.vitals.whoop.feed;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
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
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Slow and fast writers in any order. The property vitals.feed.seeds asks for more of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterleavedWritersTest {
    private static final LocalDate DAY = LocalDate.parse("2026-03-02");
    private static final Duration SOON = Duration.ofSeconds(30);

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
    void slowAndFastTransactionsInterleavedInAnyWayCostAReaderNothing() {
        int seeds = Integer.getInteger("vitals.feed.seeds", 12);
        int skipped = 0;
        for (int seed = 0; seed < seeds; seed++) {
            Interleaving interleaving = new Interleaving(new Random(seed));

            List<Change> seen = interleaving.run();

            assertThat(seen)
                    .as("seed %s", seed)
                    .hasSize(interleaving.appended())
                    .doesNotHaveDuplicates();
            assertThat(interleaving.naive()).as("seed %s", seed).isLessThanOrEqualTo(interleaving.appended());
            skipped += interleaving.appended() - interleaving.naive();
        }
        // The control: a reader that goes by the sequence alone loses changes in the very same runs.
        assertThat(skipped).isPositive();
    }

    /**
     * Transactions that are begun, write and commit in a random order, with two readers between all steps: the feed's, and one that orders by
     * sequence and reads whatever is committed.
     */
    private final class Interleaving {
        private final Random random;
        private final MemberId member;
        private final List<Transaction> open = new ArrayList<>();
        private final List<Change> seen = new ArrayList<>();
        private String cursor;
        private long naiveCursor;
        private int naive;
        private int appended;

        Interleaving(Random random) {
            this.random = random;
            this.member = new MemberId(new UUID(random.nextLong(), random.nextLong()));
            this.cursor = scene.drain();
            this.naiveCursor = scene.database
                    .first(
                            Sql.named("test-last", "SELECT coalesce(max(seq), 0) AS n FROM change"),
                            Params.none(),
                            row -> row.longValue("n"))
                    .orElseThrow();
        }

        int appended() {
            return appended;
        }

        int naive() {
            return naive;
        }

        List<Change> run() {
            int begun = 0;
            while (begun < 12 || !open.isEmpty()) {
                int choice = random.nextInt(3);
                if (choice == 0 && begun < 12 && open.size() < 5) {
                    open.add(new Transaction());
                    begun++;
                } else if (choice == 1 && !open.isEmpty()) {
                    open.get(random.nextInt(open.size())).append(member, DAY.plusDays(appended++));
                } else if (choice == 2 && !open.isEmpty()) {
                    open.remove(random.nextInt(open.size())).commit();
                }
                look();
            }
            // Nothing holds the horizon back any more but what other tests of this server do for a moment.
            await().atMost(SOON).until(() -> {
                look();
                return seen.size() >= appended;
            });
            return seen;
        }

        private void look() {
            Feed.Page page = scene.read(cursor, Duration.ZERO);
            page.changes().stream()
                    .filter(change -> change.member().equals(member))
                    .forEach(seen::add);
            cursor = page.cursor();
            for (long sequence : scene.database.list(
                    Sql.named(
                            "test-naive",
                            "SELECT seq FROM change WHERE seq > :after AND member_id = :member ORDER BY seq"),
                    Params.of("after", naiveCursor, "member", member.value()),
                    row -> row.longValue("seq"))) {
                naive++;
                naiveCursor = sequence;
            }
        }
    }

    /** A transaction on a thread of its own, driven step by step. */
    private final class Transaction {
        private final SynchronousQueue<Consumer<SqlExecutor>> steps = new SynchronousQueue<>();
        private final SynchronousQueue<Boolean> done = new SynchronousQueue<>();
        private boolean ended;
        private final CompletableFuture<Boolean> running = CompletableFuture.supplyAsync(
                () -> scene.database.transaction(tx -> {
                    while (!ended) {
                        take(steps).accept(tx);
                        put(done, true);
                    }
                    return true;
                }),
                scene.threads);

        void append(MemberId member, LocalDate day) {
            step(tx -> scene.feed.append(tx, member, "sleep", Set.of(day)));
        }

        void commit() {
            step(_ -> ended = true);
            assertThat(running.join()).isTrue();
        }

        private void step(Consumer<SqlExecutor> work) {
            put(steps, work);
            assertThat(take(done)).isTrue();
        }
    }

    private static <T> T take(SynchronousQueue<T> queue) {
        try {
            T item = queue.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
            if (item == null) {
                throw new IllegalStateException("nobody came");
            }
            return item;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> void put(SynchronousQueue<T> queue, T item) {
        try {
            if (!queue.offer(item, SOON.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
