package io.vitals.loadtest.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcConnectionPool;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

/**
 * The yardstick for reads: the same statement and answer by Helidon and DbClient alone, without anything that makes it a
 * product. Started as a process of its own.
 */
public final class Reference {
    static final String STATEMENT = """
            SELECT count(*) AS days, max(local_date) AS last,
                   string_agg(CAST(document AS text), ',' ORDER BY local_date) AS documents,
                   string_agg(CAST(version AS text), ',' ORDER BY local_date) AS versions
              FROM (SELECT local_date, version, document FROM daily_record
                     WHERE member = :member AND local_date BETWEEN :from AND :to
                     ORDER BY local_date LIMIT :limit) AS page
            """;

    private Reference() {}

    /** Arguments: port, JDBC URL, user, file with the password, pool size. */
    public static void main(String[] arguments) throws Exception {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(arguments[1]);
        pool.setUsername(arguments[2]);
        pool.setPassword(Files.readString(Path.of(arguments[3])));
        pool.setMaximumPoolSize(Integer.parseInt(arguments[4]));
        // Without this there are no rows to see; the product pays for saying it in each transaction.
        pool.setConnectionInitSql("SET vitals.worker = 'projector'");
        pool.addDataSourceProperty("stringtype", "unspecified");
        DbClient client =
                JdbcClientBuilder.create().connectionPool(new Pool(pool)).build();
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .routing(routing -> routing.get("/days/{member}", (request, response) -> {
                    String documents = client.execute()
                            .createNamedGet("range", STATEMENT)
                            .params(Map.of(
                                    "member",
                                    UUID.fromString(
                                            request.path().pathParameters().get("member")),
                                    "from",
                                    LocalDate.parse(request.query().get("from")),
                                    "to",
                                    LocalDate.parse(request.query().get("to")),
                                    "limit",
                                    31))
                            .execute()
                            .map(row -> row.column("documents").get(String.class))
                            .orElse("");
                    response.header(HeaderNames.CONTENT_TYPE, "application/json");
                    response.send("{\"days\":[" + documents + "],\"next_cursor\":null}");
                }))
                .build()
                .start();
    }

    private record Pool(HikariDataSource source) implements JdbcConnectionPool {
        @Override
        public Connection connection() {
            try {
                return source.getConnection();
            } catch (SQLException e) {
                throw new DbClientException("no connection", e);
            }
        }
    }
}
