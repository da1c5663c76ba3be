package io.vitals.kit.db;

import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;
import io.vitals.kit.config.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** When a program starts on a schema: this one knows the migrations 1 and 3. */
class MigrationsTest {
    private static EmbeddedPostgres postgres;
    private static DatabaseSettings database;

    @TempDir
    Path others;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        database =
                new DatabaseSettings(postgres.getJdbcUrl("postgres", "postgres"), "postgres", Secret.of("postgres"), 1);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void empty() throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }
    }

    @Test
    void its_own_schema_is_up_to_date_and_an_empty_one_is_not() {
        assertThat(Migrations.upToDate(database)).isFalse();
        runOwn();
        assertThat(Migrations.upToDate(database)).isTrue();
    }

    @Test
    void a_schema_that_a_newer_program_has_added_to_will_do() throws Exception {
        runOwn();
        runOther("V004__added.sql", "ALTER TABLE migrated_thing ADD COLUMN added text", "classpath:db/migration");
        assertThat(Migrations.upToDate(database)).isTrue();
    }

    @Test
    void an_older_schema_is_refused_even_when_a_later_migration_has_run() throws Exception {
        runOther("V001__thing.sql", "CREATE TABLE migrated_thing (id integer PRIMARY KEY)");
        assertThat(Migrations.upToDate(database)).as("3 is missing").isFalse();
        runOther("V004__added.sql", "ALTER TABLE migrated_thing ADD COLUMN added text");
        assertThat(Migrations.upToDate(database)).as("3 is missing below 4").isFalse();
    }

    @Test
    void a_database_that_does_not_answer_is_not_up_to_date() {
        assertThat(Migrations.upToDate(new DatabaseSettings(
                        "jdbc:postgresql://127.0.0.1:1/postgres?connectTimeout=1",
                        "postgres",
                        Secret.of("postgres"),
                        1)))
                .isFalse();
    }

    private static void runOwn() {
        Migrations.run(database, new MigratorSettings("postgres", Secret.of("postgres")));
    }

    private void runOther(String name, String script, String... further) throws Exception {
        Files.writeString(others.resolve(name), script);
        String[] locations = new String[further.length + 1];
        locations[0] = "filesystem:" + others;
        System.arraycopy(further, 0, locations, 1, further.length);
        Flyway.configure()
                .dataSource(database.url(), "postgres", "postgres")
                .locations(locations)
                .placeholders(Map.of("app_role", "postgres"))
                .load()
                .migrate();
    }
}
