package io.vitals.whoop.feed;

import io.vitals.kit.db.Database;
import io.vitals.whoop.support.TestDatabases;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A feed on a database of its own, and threads for those who write to it. */
final class FeedScene implements AutoCloseable {
    final Database database = TestDatabases.open(TestDatabases.migrated());
    final Feed feed = new Feed(database);
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Feed.Page read(String cursor, Duration wait) {
        return feed.read(cursor, 500, wait, () -> false).orElseThrow();
    }

    /** The cursor behind all that is there. */
    String drain() {
        String cursor = "";
        while (true) {
            Feed.Page page = read(cursor, Duration.ZERO);
            if (page.changes().isEmpty()) {
                return page.cursor();
            }
            cursor = page.cursor();
        }
    }

    @Override
    public void close() {
        threads.close();
        database.close();
    }
}
