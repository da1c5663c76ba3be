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
    void everyRowOfAMemberIsUnderForcedRowLevelSecurity() {
        String members = """
                SELECT class.relname AS found FROM pg_class AS class
                  JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
                   AND (attribute.attname = 'member' OR (class.relname = 'member' AND attribute.attname = 'id'))
                 WHERE class.relkind IN ('r', 'p') AND class.relnamespace = CAST('public' AS regnamespace)
                """;
        assertThat(strings(members)).contains("member", "session", "daily_record", "consent", "api_key", "sahha_inbox");
        assertThat(strings(members + """
                   AND NOT (class.relrowsecurity AND class.relforcerowsecurity
                            AND EXISTS (SELECT 1 FROM pg_policy AS policy
                                         WHERE policy.polrelid = class.oid AND policy.polcmd = '*'
                                           AND pg_get_expr(policy.polqual, policy.polrelid) LIKE '%current_member%'))
                """))
                .as("tables with a member and without CALL protect_rows('…')")
                .isEmpty();
    }

    /** A policy that asks for neither would let everybody in. */
    @Test
    void everyPolicyAsksForAMemberOrAWorker() {
        assertThat(strings("""
                        SELECT CAST(polrelid AS regclass) || '.' || polname AS found FROM pg_policy
                         WHERE pg_get_expr(polqual, polrelid) NOT LIKE '%current_member%'
                           AND pg_get_expr(polqual, polrelid) NOT LIKE '%current_worker%'
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
