package io.vitals.whoop;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaTest {
    private static final Sql UNCLASSIFIED =
            Sql.named("test-unclassified", """
            SELECT c.relname || '.' || a.attname AS name
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
              AND c.relname <> 'flyway_schema_history'
              AND coalesce(col_description(c.oid, a.attnum), '') !~ '^(public|personal|health|secret): .+'""".replace("'public'::regnamespace", "CAST('public' AS regnamespace)"));

    private static final Sql COLUMNS = Sql.named(
            "test-columns",
            "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'sleep'");

    @Test
    void everyColumnSaysHowSensitiveItIs() {
        try (Database database = TestDatabases.open(TestDatabases.migrated())) {
            assertThat(database.list(COLUMNS, Params.none(), row -> row.string("name")))
                    .isNotEmpty();
            assertThat(database.list(UNCLASSIFIED, Params.none(), row -> row.string("name")))
                    .isEmpty();
        }
    }
}
