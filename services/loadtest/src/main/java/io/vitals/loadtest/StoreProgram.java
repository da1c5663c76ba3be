package io.vitals.loadtest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The record store of whoop-service at full load, as a process of its own under the service's memory limit: {@code backfill} takes in a month
 * of many members as pages that a sync would fetch, {@code range} reads a week of one of them.
 */
public final class StoreProgram {
    static final int THREADS = 4;
    static final int READERS = 10;
    private static final int WARM_UP = 100;

    private final Database database;
    private final Feed feed;
    private final Records records;

    private StoreProgram(Database database) {
        this.database = database;
        this.feed = new Feed(database);
        this.records = new Records(feed, Clock.systemUTC(), new SimpleMeterRegistry());
    }

    /** Arguments: JDBC URL, user, file with the password, backfill or range, number of members or seconds. */
    public static void main(String[] arguments) throws Exception {
        DatabaseSettings settings = new DatabaseSettings(
                arguments[0], arguments[1], Secret.of(Files.readString(Path.of(arguments[2]))), READERS);
        try (Database database = Database.open(settings, "bench", new SimpleMeterRegistry())) {
            StoreProgram program = new StoreProgram(database);
            switch (arguments[3]) {
                case "backfill" -> program.backfill(Integer.parseInt(arguments[4]));
                case "range" -> program.range(Double.parseDouble(arguments[4]));
                default -> throw new IllegalArgumentException(arguments[3]);
            }
        }
    }

    static MemberId member(int number) {
        return new MemberId(new UUID(5, number));
    }

    /** Prints records a second, and the megabytes in use after a collection at a tenth, half and all of the members. */
    private void backfill(int members) throws Exception {
        Pages pages = new Pages();
        storeMembers(pages, 0, WARM_UP);
        double seconds = 0;
        List<Long> megabytes = new ArrayList<>();
        int done = WARM_UP;
        for (double share : new double[] {0.1, 0.5, 1}) {
            int end = WARM_UP + (int) (members * share);
            seconds += storeMembers(pages, done, end);
            done = end;
            megabytes.add(heapMegabytes());
        }
        System.out.printf("%.0f", (double) members * Pages.RECORDS / seconds);
        megabytes.forEach(mb -> System.out.print(" " + mb));
        System.out.println();
    }

    private double storeMembers(Pages pages, int first, int end) throws Exception {
        AtomicLong next = new AtomicLong(first);
        long start = System.nanoTime();
        inParallel(THREADS, () -> {
            for (int number = (int) next.getAndIncrement(); number < end; number = (int) next.getAndIncrement()) {
                Owner owner = new Owner(member(number), Pages.account(number));
                for (Pages.Page page : pages.of(number)) {
                    Batch batch = Records.page(page.type(), page.json());
                    int inserted = database.transaction(tx -> records.store(tx, owner, batch))
                            .inserted();
                    feed.wake();
                    if (inserted == 0) {
                        throw new IllegalStateException("a page brought nothing new");
                    }
                }
            }
            return 0L;
        });
        return (System.nanoTime() - start) / 1e9;
    }

    /** Prints reads a second. */
    private void range(double seconds) throws Exception {
        readFor(seconds);
        System.out.printf("%.0f%n", readFor(seconds) / seconds);
    }

    private long readFor(double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return inParallel(READERS, () -> {
            long reads = 0;
            while (System.nanoTime() < end) {
                if (records.range(database, member(0), Pages.LAST.minusDays(6), Pages.LAST)
                                .sleeps()
                                .size()
                        != 7) {
                    throw new IllegalStateException("a week has seven nights");
                }
                reads++;
            }
            return reads;
        });
    }

    private static long inParallel(int threads, Callable<Long> work) throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> shares = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                shares.add(executor.submit(work));
            }
            long sum = 0;
            for (Future<Long> share : shares) {
                sum += share.get();
            }
            return sum;
        }
    }

    private static long heapMegabytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }
}
