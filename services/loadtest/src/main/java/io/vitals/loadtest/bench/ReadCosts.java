package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.postgres.SandboxDatabase;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What parts of a read cost: each is switched off in the database for a while, between two measurements with everything on. */
final class ReadCosts {
    private static final int ROUNDS = 3;
    private static final int SETTLING = 4;

    private final Stack stack;
    private final double seconds;
    private final Report report;

    /** Statements of the tables' owner. */
    private record Switch(String what, String off, String on) {}

    private static final List<Switch> SWITCHES = List.of(
            new Switch(
                    "the policy of row-level security",
                    "ALTER TABLE daily_record DISABLE ROW LEVEL SECURITY",
                    "ALTER TABLE daily_record ENABLE ROW LEVEL SECURITY"),
            // The next entry goes on behind the chain's end, and no verification runs here.
            new Switch("the audit chain, entries still inserted", """
                    CREATE FUNCTION audit_unlinked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                    BEGIN NEW.shard := 99; NEW.seq := NEW.id; NEW.at := now(); NEW.hash := ''; RETURN NEW; END $$;
                    CREATE TRIGGER audit_event_unlinked BEFORE INSERT ON audit_event
                       FOR EACH ROW EXECUTE FUNCTION audit_unlinked();
                    ALTER TABLE audit_event DISABLE TRIGGER audit_event_link""", """
                    DROP TRIGGER audit_event_unlinked ON audit_event; DROP FUNCTION audit_unlinked;
                    ALTER TABLE audit_event ENABLE TRIGGER audit_event_link"""),
            new Switch("the audit entries themselves", """
                    CREATE FUNCTION audit_dropped() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
                    CREATE TRIGGER a_dropped BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_dropped()""", """
                    DROP TRIGGER a_dropped ON audit_event; DROP FUNCTION audit_dropped"""));

    ReadCosts(Stack stack, double seconds, Report report) {
        this.stack = stack;
        this.seconds = seconds;
        this.report = report;
    }

    void run(LoadGenerator product, byte[] read) throws Exception {
        for (Switch part : SWITCHES) {
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                double with = product.run(seconds, 200, n -> read).perSecond();
                set(part.off());
                double without;
                try {
                    without = settled(product, read);
                } finally {
                    set(part.on());
                }
                ratios.add(without / with);
            }
            report.row(
                    "7-day range without %s, requests/s against all of it".formatted(part.what()),
                    "%.0f %%".formatted(Figures.median(ratios) * 100));
        }
        waits(product, read);
    }

    private double settled(LoadGenerator product, byte[] read) throws InterruptedException {
        product.run(seconds / SETTLING, 200, n -> read);
        return product.run(seconds, 200, n -> read).perSecond();
    }

    /** The wait for the disk: what is committed by then could be lost by a power cut, so it is for a measurement only. */
    private void waits(LoadGenerator product, byte[] read) throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            double with = settled(product, read);
            role("SET synchronous_commit = off");
            double without;
            try {
                without = settled(product, read);
            } finally {
                role("RESET synchronous_commit");
            }
            ratios.add(without / with);
        }
        report.row(
                "7-day range without the wait for the disk, requests/s against all of it",
                "%.0f %%".formatted(Figures.median(ratios) * 100));
    }

    /** For all sessions from now on; the pool opens new ones. */
    private void role(String setting) throws SQLException, InterruptedException {
        SandboxDatabase database = stack.healthDatabase();
        try (var superuser = stack.postgres().superuser(database.name())) {
            Queries.execute(superuser, "ALTER ROLE " + database.app().user() + " " + setting);
            Queries.execute(
                    superuser,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '"
                            + database.app().user() + "'");
        }
        Thread.sleep(500);
    }

    private void set(String statements) throws SQLException {
        Queries.execute(stack.healthDatabase(), statements);
    }
}
