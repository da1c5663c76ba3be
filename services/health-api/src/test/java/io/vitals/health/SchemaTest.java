package io.vitals.health;

import io.vitals.health.testing.HealthDatabase;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What holds for every table of the health database. */
class SchemaTest {
    private static HealthDatabase health;
    private static Database db;

    @BeforeAll
    static void start() {
        health = HealthDatabase.start();
        db = health.database();
    }

    @AfterAll
    static void stop() {
        health.close();
    }

    @Test
    void everyColumnHasAClass() {
        List<String> unclassified = strings("""
                SELECT class.relname || '.' || attribute.attname AS found
                  FROM pg_class AS class
                  JOIN pg_namespace AS space ON space.oid = class.relnamespace AND space.nspname = 'public'
                  JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
                 WHERE class.relkind IN ('r', 'p') AND attribute.attnum > 0 AND NOT attribute.attisdropped
                   AND class.relname <> 'flyway_schema_history'
                   AND coalesce(col_description(class.oid, attribute.attnum), '')
                       !~ '^(public|personal|health|secret)[:] .+'
                """);
        assertThat(unclassified).isEmpty();
    }

    @Test
    void timesCarryTheirZone() {
        assertThat(strings("""
                        SELECT table_name || '.' || column_name AS found FROM information_schema.columns
                         WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'
                           AND table_name <> 'flyway_schema_history'
                        """)).isEmpty();
    }

    @Test
    void theApplicationCannotChangeTheSchema() {
        assertThatThrownBy(() -> db.execute(Sql.named("ddl", "CREATE TABLE mine (id bigint)"), Params.none()))
                .isInstanceOf(DatabaseException.class);
        assertThatThrownBy(() -> db.execute(Sql.named("ddl", "DROP TABLE daily_record"), Params.none()))
                .isInstanceOf(DatabaseException.class);
    }

    private static List<String> strings(String query) {
        return db.list(Sql.named("schema", query), Params.none(), row -> row.string("found"));
    }
}
