package io.vitals.kit.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbTransaction;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.deadline.Deadline;

import javax.sql.DataSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A service's database: a bounded pool, named statements and transactions, each for an {@link Identity} if there is one. */
public final class Database implements SqlExecutor, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ACQUIRE = Duration.ofSeconds(3);
    private static final Duration STATEMENT = Duration.ofSeconds(10);
    private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(30);
    /** Longer than the statement limit, so that the server speaks first; without it a dead peer blocks for ever. */
    private static final Duration SOCKET = Duration.ofSeconds(15);

    private final HikariDataSource pool;
    private final DbClient client;
    private final Statements.Timers timers;
    private final SqlExecutor single;
    private final Supplier<Optional<Identity>> identity;

    private Database(
            HikariDataSource pool, DbClient client, Statements.Timers timers, Supplier<Optional<Identity>> identity) {
        this.pool = pool;
        this.client = client;
        this.timers = timers;
        this.single = new Statements(client.execute(), timers);
        this.identity = identity;
    }

    /**
     * Opens the pool without waiting for the server, so that a service can start before its database.
     *
     * @param poolName shown in metrics
     */
    public static Database open(DatabaseSettings settings, String poolName, MeterRegistry registry) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(poolName);
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password().reveal());
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(Math.min(2, settings.poolSize()));
        config.setConnectionTimeout(ACQUIRE.toMillis());
        config.setValidationTimeout(1000);
        config.setKeepaliveTime(60_000);
        config.setInitializationFailTimeout(-1);
        config.setMetricRegistry(registry);
        config.addDataSourceProperty("ApplicationName", poolName);
        config.addDataSourceProperty("connectTimeout", CONNECT.toSeconds());
        config.addDataSourceProperty("socketTimeout", SOCKET.toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        // The server's detail line quotes row values.
        config.addDataSourceProperty("logServerErrorDetail", false);
        // DbClient sends some types, UUID among them, as text; the server then takes the column's own type.
        config.addDataSourceProperty("stringtype", "unspecified");
        config.addDataSourceProperty(
                "options",
                "-c statement_timeout=" + STATEMENT.toMillis() + " -c idle_in_transaction_session_timeout="
                        + IDLE_IN_TRANSACTION.toMillis() + " -c timezone=UTC");
        HikariDataSource pool = new HikariDataSource(config);
        DbClient client =
                JdbcClientBuilder.create().connectionPool(new HikariPool(pool)).build();
        return new Database(pool, client, new Statements.Timers(registry), Identity::current);
    }

    /**
     * The same database for a part that works as this one wherever nobody else is set: a request's member always goes first. Closing is for
     * the database it came from.
     */
    public Database as(Identity identity) {
        return new Database(pool, client, timers, () -> Identity.current().or(() -> Optional.of(identity)));
    }

    /**
     * The same database for a part that touches no row of any member, whoever is set: it says nothing of them, which spares it the effort.
     * Closing is for the database it came from.
     */
    public Database forNobody() {
        return new Database(pool, client, timers, Optional::empty);
    }

    @Override
    public <T> List<T> list(Sql sql, Params params, RowMapper<T> mapper) {
        return one(statement -> statement.list(sql, params, mapper));
    }

    @Override
    public <T> Optional<T> first(Sql sql, Params params, RowMapper<T> mapper) {
        return list(sql, params, mapper).stream().findFirst();
    }

    @Override
    public long execute(Sql sql, Params params) {
        return one(statement -> statement.execute(sql, params));
    }

    private <T> T one(Function<SqlExecutor, T> statement) {
        return identity.get()
                .map(someone -> run(transaction -> Statements.only(transaction, timers, someone), statement))
                .orElseGet(() -> statement.apply(single));
    }

    /**
     * Runs work in one transaction: committed when it returns, rolled back when it throws.
     *
     * @throws DatabaseException if a statement or the commit fails; after a broken connection the outcome is unknown
     */
    public <T> T transaction(Function<SqlExecutor, T> work) {
        Optional<Identity> whose = identity.get();
        return run(transaction -> Statements.within(transaction, timers, whose), work);
    }

    private <T> T run(Function<DbTransaction, SqlExecutor> executor, Function<SqlExecutor, T> work) {
        DbTransaction transaction = begin();
        T result;
        try {
            result = work.apply(executor.apply(transaction));
        } catch (RuntimeException | Error e) {
            rollback(transaction, e);
            throw e;
        }
        try {
            transaction.commit();
        } catch (RuntimeException e) {
            throw DatabaseException.of("commit", e);
        }
        return result;
    }

    private DbTransaction begin() {
        try {
            return client.transaction();
        } catch (RuntimeException e) {
            throw DatabaseException.of("begin", e);
        }
    }

    private static void rollback(DbTransaction transaction, Throwable cause) {
        try {
            transaction.rollback();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** The same pool, for a library that brings its own statements. */
    public DataSource dataSource() {
        return pool;
    }

    /** Whether the server answers within the time given. */
    public boolean ping(Duration limit) {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid((int) Math.max(1, limit.toSeconds()));
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        client.close();
        pool.close();
    }

    private record HikariPool(HikariDataSource pool) implements JdbcConnectionPool {
        @Override
        public Connection connection() {
            try {
                if (Deadline.over()) {
                    throw DeadlineConnection.over();
                }
                return IdentifiedConnection.of(DeadlineConnection.of(pool.getConnection()));
            } catch (SQLException e) {
                throw new io.helidon.dbclient.DbClientException("no connection", e);
            }
        }
    }
}
