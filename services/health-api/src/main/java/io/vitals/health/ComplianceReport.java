package io.vitals.health;

import io.vitals.kit.audit.AuditSettings;
import io.vitals.kit.audit.AuditVerifyCommand;
import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.db.Migrations;
import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * {@code compliance report}: what is enforced right now, asked of the running configuration and the database, as the role of
 * the application. Nothing in it is claimed by hand: each line is a question with its answer.
 */
final class ComplianceReport {
    private record Control(String name, boolean enforced, String evidence) {}

    private final Instant at;
    private final List<Control> controls = new ArrayList<>();

    private ComplianceReport(Instant at) {
        this.at = at;
    }

    static ComplianceReport of(HealthApiSettings settings, Clock clock) throws SQLException, IOException {
        boolean production = settings.profile() == HealthApiSettings.Profile.PRODUCTION;
        ComplianceReport report = of(settings.db(), settings.audit(), clock);
        report.add("encrypted transport", production, "profile " + settings.profile());
        report.add(
                "retention",
                true,
                "audit %s, daily records %s, Sahha documents %s, inbox %s, sessions %s"
                        .formatted(
                                settings.audit().retention(),
                                settings.retention().dailyRecords(),
                                settings.retention().sahhaDocuments(),
                                settings.retention().inbox(),
                                settings.session().absoluteTimeout()));
        return report;
    }

    static ComplianceReport of(DatabaseSettings database, AuditSettings audit, Clock clock)
            throws SQLException, IOException {
        ComplianceReport report = new ComplianceReport(clock.instant());
        report.add("schema up to date", Migrations.upToDate(database), "migrations");
        report.chain(database, audit, clock);
        try (Connection connection = connect(database)) {
            report.asks(connection);
        }
        return report;
    }

    private void chain(DatabaseSettings database, AuditSettings audit, Clock clock) throws SQLException, IOException {
        add(
                "audit checkpoints outside the database",
                audit.checkpointDirectory().isPresent(),
                "every " + audit.checkpointInterval());
        try {
            String told = AuditVerifyCommand.run(
                    Main.NAME, database, audit, Options.parse(AuditVerifyCommand.SYNTAX, List.of()), clock.instant());
            add(
                    "audit log unchanged",
                    true,
                    told.replace(System.lineSeparator(), "; ").replace('\n', ';'));
        } catch (AuditVerifyCommand.BrokenException e) {
            add("audit log unchanged", false, String.valueOf(e.getMessage()).replace('\n', ';'));
        } catch (UsageException e) {
            add("audit log unchanged", false, "cannot be verified: " + e.getMessage());
        }
    }

    private void asks(Connection connection) throws SQLException {
        zero(connection, "application cannot read, change or delete audit entries", """
                SELECT count(*) FROM unnest(ARRAY['SELECT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_to
                 WHERE has_table_privilege('audit_event', right_to)""");
        zero(connection, "every new audit entry is linked", """
                SELECT 1 - count(*) FROM pg_trigger
                 WHERE tgrelid = CAST('audit_event' AS regclass) AND tgname = 'audit_event_link' AND tgenabled = 'O'""");
        zero(connection, "application is no superuser and owns no table", """
                SELECT count(*) FROM pg_roles r
                 WHERE r.rolname = current_user
                   AND (r.rolsuper OR r.rolcreaterole OR r.rolbypassrls
                        OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid))""");
        zero(connection, "every column is classified", """
                SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND a.attnum > 0
                   AND NOT a.attisdropped AND c.relname <> 'flyway_schema_history'
                   AND coalesce(col_description(c.oid, a.attnum), '') !~ '^(public|personal|health|secret): '""");
        // The log and the ledger keep pseudonyms, and who asked how often is forgotten within a day.
        zero(connection, "every table about persons is exported and erased", """
                SELECT count(DISTINCT c.oid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = CAST('public' AS regnamespace) AND c.relkind IN ('r', 'p') AND a.attnum > 0
                   AND NOT a.attisdropped AND col_description(c.oid, a.attnum) ~ '^(personal|health):'
                   AND c.relname NOT IN ('audit_event', 'erasure', 'rate_bucket')
                   AND c.relname NOT IN (SELECT t.name FROM personal_tables() t)""");
        zero(connection, "every table about persons has forced row-level security", """
                SELECT count(*) FROM personal_tables() t JOIN pg_class c ON c.relname = t.name
                 WHERE c.relnamespace = CAST('public' AS regnamespace) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)""");
        zero(connection, "no erasure is open for more than an hour", """
                SELECT count(*) FROM erasure WHERE completed_at IS NULL AND requested_at < now() - INTERVAL '1 hour'""");
    }

    private void zero(Connection connection, String name, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            long found = row.getLong(1);
            add(name, found == 0, found == 0 ? "asked of the database" : found + " exceptions");
        }
    }

    private void add(String name, boolean enforced, String evidence) {
        controls.add(new Control(name, enforced, evidence));
    }

    boolean complete() {
        return controls.stream().allMatch(Control::enforced);
    }

    /** The text if all is enforced; else it is what fails the command. */
    String orThrow() throws NotEnforcedException {
        if (!complete()) {
            System.out.println(this);
            throw new NotEnforcedException(
                    controls.stream().filter(control -> !control.enforced()).count());
        }
        return toString();
    }

    /** Something is not enforced. */
    static final class NotEnforcedException extends Exception {
        private static final long serialVersionUID = 1L;

        NotEnforcedException(long controls) {
            super(controls + " controls are not enforced");
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("health-api, asked at " + at);
        for (Control control : controls) {
            text.append('\n')
                    .append(control.enforced() ? "enforced      " : "NOT enforced  ")
                    .append(control.name())
                    .append(" (")
                    .append(control.evidence())
                    .append(')');
        }
        return text.toString();
    }

    private static Connection connect(DatabaseSettings database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password().reveal());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(database.url(), properties);
    }
}
