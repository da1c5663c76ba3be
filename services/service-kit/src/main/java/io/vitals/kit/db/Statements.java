package io.vitals.kit.db;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Runs statements through a DbClient executor and times each by name and outcome. */
final class Statements implements SqlExecutor {
    private record Key(String statement, String outcome) {}

    /** Shared by the pool and all its transactions. */
    static final class Timers {
        private final MeterRegistry registry;
        private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

        Timers(MeterRegistry registry) {
            this.registry = registry;
        }

        void record(String statement, String outcome, long nanos) {
            timers.computeIfAbsent(new Key(statement, outcome), this::create).record(nanos, TimeUnit.NANOSECONDS);
        }

        private Timer create(Key key) {
            return Timer.builder("db.query")
                    .description("Statements by name and outcome")
                    .tag("statement", key.statement())
                    .tag("outcome", key.outcome())
                    .register(registry);
        }
    }

    private final DbExecute execute;
    private final Timers timers;

    Statements(DbExecute execute, Timers timers) {
        this.execute = execute;
        this.timers = timers;
    }

    @Override
    public <T> List<T> list(Sql sql, Params params, RowMapper<T> mapper) {
        return timed(sql, () -> {
            try (Stream<DbRow> rows = execute.createNamedQuery(sql.name(), sql.positional())
                    .params(sql.arguments(params))
                    .execute()) {
                return rows.map(row -> mapper.map(new Row(row))).toList();
            }
        });
    }

    @Override
    public <T> Optional<T> first(Sql sql, Params params, RowMapper<T> mapper) {
        return list(sql, params, mapper).stream().findFirst();
    }

    @Override
    public long execute(Sql sql, Params params) {
        return timed(
                sql,
                () -> execute.createNamedDmlStatement(sql.name(), sql.positional())
                        .params(sql.arguments(params))
                        .execute());
    }

    private <T> T timed(Sql sql, Supplier<T> work) {
        long start = System.nanoTime();
        String outcome = "success";
        try {
            return work.get();
        } catch (RuntimeException e) {
            DatabaseException failure = DatabaseException.of(sql.name(), e);
            outcome = failure.kind().name().toLowerCase(Locale.ROOT);
            throw failure;
        } finally {
            timers.record(sql.name(), outcome, System.nanoTime() - start);
        }
    }
}
