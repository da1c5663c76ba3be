package io.vitals.kit.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Jobs that recur, in the table scheduled_tasks. Whichever replica finds a run due does it, and the others leave it alone; a replica that dies
 * at it is found out by its missing heartbeat, and the run is done by another. The next run is due a fixed time after the end of the last.
 */
public final class RecurringJobs implements AutoCloseable {
    private static final EventLog LOG = EventLog.of(RecurringJobs.class);
    private static final Duration POLL = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int THREADS = 2;

    /** A run's end comes back from the database rounded. */
    private static final Duration ROUNDING = Duration.ofMillis(1);

    private static final Sql LAST_RUN = Sql.named("jobs-last-run", """
            SELECT max(last_success) AS ended FROM scheduled_tasks
            WHERE last_success > clock_timestamp() - make_interval(secs => :within)""");

    private final Database database;
    private final Scheduler scheduler;
    private final AtomicReference<Instant> lastOfOurs;

    /** Work of a job, in small transactions: a run may be cut off anywhere and is then repeated as a whole. */
    @FunctionalInterface
    public interface Job {
        void run() throws Exception;
    }

    private RecurringJobs(Database database, Scheduler scheduler, AtomicReference<Instant> lastOfOurs) {
        this.database = database;
        this.scheduler = scheduler;
        this.lastOfOurs = lastOfOurs;
    }

    /** Notes when this process last ended a run. */
    private static final class RunsOfOurs extends AbstractSchedulerListener {
        private final AtomicReference<Instant> last;

        RunsOfOurs(AtomicReference<Instant> last) {
            this.last = last;
        }

        @Override
        public void onExecutionComplete(ExecutionComplete run) {
            last.accumulateAndGet(run.getTimeDone(), (one, other) -> one.isAfter(other) ? one : other);
        }
    }

    public static Builder builder(Database database, RandomGenerator random, MeterRegistry registry) {
        return new Builder(database, random, registry);
    }

    /** Collects the jobs. */
    public static final class Builder {
        private final Database database;
        private final RandomGenerator random;
        private final MeterRegistry registry;
        private final List<RecurringTask<Void>> tasks = new ArrayList<>();
        private Duration poll = POLL;

        private Builder(Database database, RandomGenerator random, MeterRegistry registry) {
            this.database = database;
            this.random = random;
            this.registry = registry;
        }

        /**
         * Adds a job.
         *
         * @param name kebab-case; also the label in metrics
         * @param pause from the end of a run to the next
         */
        public Builder every(String name, Duration pause, Job job) {
            Counter success = counter(name, "success");
            Counter error = counter(name, "error");
            tasks.add(Tasks.recurring(name, FixedDelay.of(pause))
                    .onFailureReschedule()
                    .onDeadExecutionRevive()
                    .execute((_, _) -> run(name, job, success, error)));
            return this;
        }

        private Counter counter(String name, String outcome) {
            return Counter.builder("scheduler.runs")
                    .description("Runs of recurring jobs")
                    .tag("job", name)
                    .tag("outcome", outcome)
                    .register(registry);
        }

        /** How soon a run that is due is noticed. */
        public Builder poll(Duration interval) {
            poll = interval;
            return this;
        }

        public RecurringJobs start() {
            AtomicReference<Instant> lastOfOurs = new AtomicReference<>(Instant.EPOCH);
            Scheduler scheduler = Scheduler.create(database.dataSource())
                    .addSchedulerListener(new RunsOfOurs(lastOfOurs))
                    .startTasks(tasks)
                    .threads(THREADS)
                    .pollingInterval(poll)
                    .heartbeatInterval(HEARTBEAT)
                    .shutdownMaxWait(STOP_LIMIT)
                    .schedulerName(new SchedulerName.Fixed(new UUID(random.nextLong(), random.nextLong()).toString()))
                    .alwaysPersistTimestampInUTC()
                    .build();
            scheduler.start();
            return new RecurringJobs(database, scheduler, lastOfOurs);
        }
    }

    /** A failure ends the run, not the job; it is logged here, because a library would quote its message. */
    private static void run(String name, Job job, Counter success, Counter error) {
        try {
            job.run();
            success.increment();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            error.increment();
            LOG.error("job_failed", e, LogField.OPERATION.of(name));
        }
    }

    /**
     * Whether, of all processes, it was this one that ended the latest run of any job; false everywhere when there was none within the time.
     * Nobody is elected: who does the next run may be another.
     */
    public boolean ranLast(Duration within) {
        return database.first(
                        LAST_RUN,
                        Params.of("within", within.toMillis() / 1000.0),
                        row -> Optional.ofNullable(row.instantOrNull("ended")))
                .flatMap(ended -> ended)
                .filter(ended -> Duration.between(ended, lastOfOurs.get()).abs().compareTo(ROUNDING) <= 0)
                .isPresent();
    }

    /** Lets running jobs end, for at most 20 s. */
    @Override
    public void close() {
        scheduler.stop();
    }
}
