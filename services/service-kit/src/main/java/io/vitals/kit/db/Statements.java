package io.vitals.kit.db;

import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import io.helidon.dbclient.DbTransaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Runs statements through a DbClient executor and times each by name and outcome. Where there is an identity, the first statement says so on
 * its way: the server sees one after the other, and a connection that breaks in between has committed nothing.
 */
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
            Key key = new Key(statement, outcome);
            // Reads do not wait for each other; computeIfAbsent may.
            Timer timer = timers.get(key);
            (timer != null ? timer : timers.computeIfAbsent(key, this::create)).record(nanos, TimeUnit.NANOSECONDS);
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
    private final String after;
    private Optional<Identity> unsaid;

    /** For nobody. */
    Statements(DbExecute execute, Timers timers) {
        this(execute, timers, Optional.empty(), "");
    }

    private Statements(DbExecute execute, Timers timers, Optional<Identity> identity, String after) {
        this.execute = execute;
        this.timers = timers;
        this.unsaid = identity;
        this.after = after;
    }

    /** Of one transaction, whose first statement says for whom it is. */
    static Statements within(DbTransaction transaction, Timers timers, Optional<Identity> identity) {
        return new Statements(transaction, timers, identity, "");
    }

    /** For the only statement of a transaction, which is committed on the same journey. */
    static Statements only(DbTransaction transaction, Timers timers, Identity identity) {
        return new Statements(transaction, timers, Optional.of(identity), "\n; COMMIT");
    }

    @Override
    public <T> List<T> list(Sql sql, Params params, RowMapper<T> mapper) {
        Text text = text(sql, params);
        return timed(sql, () -> {
            try (Stream<DbRow> rows = execute.createNamedQuery(sql.name(), text.positional())
                    .params(text.arguments())
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
        Text text = text(sql, params);
        return timed(
                sql,
                () -> execute.createNamedDmlStatement(sql.name(), text.positional())
                        .params(text.arguments())
                        .execute());
    }

    /** What is sent, and the values for its question marks. */
    private record Text(String positional, List<@Nullable Object> arguments) {}

    private Text text(Sql sql, Params params) {
        if (unsaid.isEmpty()) {
            return new Text(sql.positional(), sql.arguments(params));
        }
        Identity identity = unsaid.get();
        List<@Nullable Object> arguments = sql.arguments(List.of(identity.value()), params);
        arguments.replaceAll(Statements::typed);
        unsaid = Optional.empty();
        return new Text(sql.positional(identity.setter(), after), arguments);
    }

    /**
     * A UUID goes as one and not as a text of which the server has to find out the type: a driver that has asked what a statement answers
     * waits before it sends the next one.
     */
    private static @Nullable Object typed(@Nullable Object value) {
        if (!(value instanceof UUID id)) {
            return value;
        }
        try {
            PGobject typed = new PGobject();
            typed.setType("uuid");
            typed.setValue(id.toString());
            return typed;
        } catch (SQLException e) {
            throw new IllegalStateException("a UUID has a text", e);
        }
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
