package io.vitals.runbooks.gates;

import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Step;
import io.vitals.runbooks.run.Sql;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.flywaydb.core.Flyway;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether statements are ones of the databases as their migrations leave them: the server is asked to prepare each. */
final class SqlGate implements AutoCloseable {
    private static final Map<String, String> SERVICES = Map.of("health", "health-api", "whoop", "whoop-service");

    private final SandboxPostgres postgres = SandboxPostgres.temporary();
    private final Map<String, SandboxDatabase> databases = new TreeMap<>();

    SqlGate() {
        SERVICES.forEach((name, service) -> {
            SandboxDatabase database = postgres.createDatabase(name, name + "_migrator", name + "_app");
            String resources = PageGates.ROOT + "/services/" + service + "/src/main/resources/db/";
            Flyway.configure()
                    .dataSource(
                            database.url(),
                            database.owner().user(),
                            database.owner().password())
                    .locations("filesystem:" + resources + "migration")
                    .placeholders(Map.of("app_role", database.app().user()))
                    .load()
                    .migrate();
            databases.put(name, database);
        });
    }

    /** Each statement has to be one of the database that is meant, or of one of the two. */
    List<String> judge(Page page) {
        var findings = new ArrayList<String>();
        for (Step step : page.steps()) {
            if (step.language() == Language.SQL) {
                Optional<String> named = step.database().or(page.about()::database);
                var refusals = new ArrayList<String>();
                boolean fits = databases.entrySet().stream()
                        .filter(database -> named.isEmpty() || database.getKey().equals(named.get()))
                        .anyMatch(database -> {
                            Optional<String> refusal = refusal(database.getValue(), step.text());
                            refusal.ifPresent(why -> refusals.add(database.getKey() + ": " + why));
                            return refusal.isEmpty();
                        });
                if (!fits) {
                    findings.add(page.name() + ".md:" + step.line() + ": " + step.id() + " is refused by "
                            + String.join("; ", refusals));
                }
            }
        }
        return findings;
    }

    private static Optional<String> refusal(SandboxDatabase database, String text) {
        if (!Sql.isOne(text)) {
            return Optional.of("is more than one statement");
        }
        String statement = Sql.prepared(text);
        try (Connection connection = database.connectAsOwner();
                PreparedStatement prepared = connection.prepareStatement(statement)) {
            // Only with this the server is asked.
            prepared.getParameterMetaData();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
