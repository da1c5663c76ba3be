package io.vitals.journey.chaos;

import io.vitals.journey.chaos.SchemaCompatibility.Outcome;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Migrations that only add may run under a serving release; others may not, and the same check says so. */
@ExtendWith(ChaosVitals.class)
class SchemaCompatibilityTest {
    private static final int EVENTS = 40;

    private final Stack stack;
    private final SchemaCompatibility schema;

    @TempDir
    Path migrations;

    SchemaCompatibilityTest(Stack stack) {
        this.stack = stack;
        this.schema = new SchemaCompatibility(stack);
    }

    @Test
    void a_migration_that_adds_leaves_the_present_release_at_work() {
        schema.migrate(migrations, "V900__rehearsal.sql", """
                ALTER TABLE webhook_inbox ADD COLUMN rehearsal text;
                CREATE TABLE rehearsal (id bigint PRIMARY KEY, at timestamptz NOT NULL);
                CREATE INDEX rehearsal_at ON rehearsal (at);
                GRANT SELECT, INSERT ON rehearsal TO ${app_role};""");
        try {
            assertThat(schema.serve(EVENTS, 1)).matches(Outcome::goesOn);
            schema.restart(stack.whoopServices().getLast());
            assertThat(schema.serve(EVENTS, 2)).matches(Outcome::goesOn);
        } finally {
            schema.undo("900", "ALTER TABLE webhook_inbox DROP COLUMN rehearsal; DROP TABLE rehearsal");
        }
    }

    /** The control: what is in use goes away, and the check sees it. */
    @Test
    void a_migration_that_takes_away_is_found_out() {
        schema.migrate(
                migrations, "V901__rehearsal.sql", "ALTER TABLE webhook_inbox RENAME COLUMN outcome TO rehearsal;");
        try {
            assertThat(schema.serve(5, 3)).satisfies(outcome -> {
                assertThat(outcome.goesOn()).isFalse();
                assertThat(outcome.refused()).isPositive();
            });
        } finally {
            schema.undo("901", "ALTER TABLE webhook_inbox RENAME COLUMN rehearsal TO outcome");
        }
    }
}
