package io.vitals.loadtest.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Batch;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.records.UnreadableDocument;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Collectors;

/**
 * The record store of whoop-service at full load, as a process of its own under the service's memory limit. It does what the lines of its
 * input ask for, and answers each with a line of figures: {@code backfill <members>} takes in a month of many members as pages that a sync
 * would fetch, {@code range <callers> <seconds>} reads a week of one of them.
 */
public final class StoreProgram {
    /** What an answer begins with. */
    static final String ANSWER = "answer:";

    /** As many as there are connections. */
    static final int READERS = 10;

    /** More than the cores, as each waits for its commit to reach the disk. */
    private static final int THREADS = 8;

    private static final int WARM_UP = 300;

    private final Database database;
    private final Feed feed;
    private final Records records;

    private StoreProgram(Database database) {
        this.database = database;
        this.feed = new Feed(database);
        this.records = new Records(feed, Clock.systemUTC(), new SimpleMeterRegistry());
    }

    /** Arguments: JDBC URL, user, file with the password. */
    public static void main(String[] arguments) throws Exception {
        DatabaseSettings settings = new DatabaseSettings(
                arguments[0], arguments[1], Secret.of(Files.readString(Path.of(arguments[2]))), READERS);
        try (Database database = Database.open(settings, "bench", new SimpleMeterRegistry())) {
            StoreProgram program = new StoreProgram(database);
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                System.out.println(ANSWER + program.answer(line.split(" ", -1)));
            }
        }
    }

    private String answer(String[] question) throws Exception {
        return switch (question[0]) {
            case "backfill" -> backfill(Integer.parseInt(question[1]));
            case "range" -> range(Integer.parseInt(question[1]), Double.parseDouble(question[2]));
            default -> throw new IllegalArgumentException(question[0]);
        };
    }

    static MemberId member(int number) {
        return new MemberId(new UUID(5, number));
    }

    /** Records a second, and the megabytes in use after a collection at a tenth, half and all of the members. */
    private String backfill(int members) throws Exception {
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
        return members * Pages.RECORDS / seconds
                + megabytes.stream().map(mb -> " " + mb).collect(Collectors.joining());
    }

    private double storeMembers(Pages pages, int first, int end) throws Exception {
        AtomicLong next = new AtomicLong(first);
        long start = System.nanoTime();
        inParallel(THREADS, () -> {
            for (int number = (int) next.getAndIncrement(); number < end; number = (int) next.getAndIncrement()) {
                Owner owner = new Owner(member(number), Pages.account(number));
                for (List<Pages.Page> walk : pages.of(number)) {
                    Batch batch = read(walk);
                    int inserted = database.transaction(tx -> records.store(tx, owner, batch))
                            .inserted();
                    feed.wake();
                    if (inserted == 0) {
                        throw new IllegalStateException("the pages brought nothing new");
                    }
                }
            }
            return 0L;
        });
        return (System.nanoTime() - start) / 1e9;
    }

    /** As a sync does it: the pages of a collection that one claim fetches are stored together. */
    private static Batch read(List<Pages.Page> walk) throws UnreadableDocument {
        Batch batch = Records.page(walk.getFirst().type(), walk.getFirst().json());
        for (Pages.Page page : walk.subList(1, walk.size())) {
            batch = batch.followedBy(Records.page(page.type(), page.json()));
        }
        return batch;
    }

    /** Reads a second. */
    private String range(int callers, double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long done = inParallel(callers, () -> {
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
        return Double.toString(done / seconds);
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
