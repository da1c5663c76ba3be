package io.vitals.journey.recovery;

import io.vitals.journey.stack.Tools;
import io.vitals.probe.browser.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A database is lost, and got back as it was at moments that nobody chose. */
@Tag("recovery")
class RestoreDrillTest {
    private static final int TARGETS = Integer.getInteger("vitals.restore.targets", 5);
    private static final long SEED = Long.getLong("vitals.restore.seed", System.nanoTime());
    /** Three of them: long enough that segments fill and that an open one is archived. */
    private static final Duration STRETCH = Duration.ofSeconds(Integer.getInteger("vitals.restore.stretch", 40));

    private static final Duration FORGOTTEN = Duration.ofMinutes(2);
    private static final Path FOLDER = Path.of("target", "restore-drill").toAbsolutePath();

    private static VitalsRun run;

    @BeforeAll
    static void loseADatabase() throws Exception {
        Tools.fresh(FOLDER);
        run = new VitalsRun(FOLDER);
        run.liveAndDie(STRETCH);
    }

    @AfterAll
    static void end() {
        if (run != null) {
            run.close();
        }
    }

    @Test
    void eachTargetHasExactlyTheCommitsBeforeIt() throws Exception {
        var plan = new Plan(run.original().written(), SEED);
        var report = new Report(run.original(), SEED);
        assertThat(Archive.missing(
                        run.original().barman().objects(), run.original().firstSegment()))
                .isEmpty();
        assertThat(Archive.corrupt(run.original().barman().objects())).isEmpty();
        var findings = new ArrayList<String>();
        for (Target target : plan.targets(TARGETS)) {
            Report.Row row = restore(target, plan, report.size());
            report.add(row);
            row.findings().forEach(finding -> findings.add(target.kind() + " " + target.name() + ": " + finding));
        }
        report.write(FOLDER.resolve("table.txt")).forEach(System.err::println);
        assertThat(findings).isEmpty();
        assertThat(report.brokenObjectives(Objectives.read())).isEmpty();
    }

    private static Report.Row restore(Target target, Plan plan, int number) throws Exception {
        var findings = new ArrayList<String>();
        var services = new Services(run.stack());
        long start = System.nanoTime();
        try (Restored restored = Restored.make(run.original(), target, FOLDER.resolve("restored-" + number))) {
            int found;
            try (Connection ledger = restored.superuser(Ledger.DATABASE)) {
                var entries = Ledger.entries(ledger);
                found = entries.size();
                findings.addAll(Proof.ledger(plan.expected(target), entries));
                findings.addAll(plan.promised(target, entries));
            }
            long checked = System.nanoTime();
            findings.addAll(Proof.structure(restored));
            long rows = Proof.rows(restored, "health") + Proof.rows(restored, "whoop");
            findings.addAll(audit(services, target, restored));
            findings.addAll(forget(services, target, restored));
            Duration proven = Restored.since(checked);
            services.start();
            try {
                Answer days = services.days(VitalsRun.STAYS);
                if (days.status() != 200 || days.json().path("days").isEmpty()) {
                    findings.add("a member cannot read their days: " + days.status());
                }
                Duration all = Restored.since(start);
                findings.addAll(forgottenByBoth(restored));
                return new Report.Row(
                        target,
                        plan.expected(target).size(),
                        found,
                        rows,
                        restored.size(),
                        restored.fetched(),
                        restored.replayed(),
                        proven,
                        all,
                        findings);
            } finally {
                services.stop();
            }
        }
    }

    private static List<String> audit(Services services, Target target, Restored restored) throws Exception {
        var findings = new ArrayList<String>();
        Path until = services.checkpointsUntil(target.at(), restored.folder().resolve("checkpoints"));
        for (String service : Services.NAMES) {
            Barman.Outcome verified = services.verify(service, until);
            if (verified.code() != 0 || !verified.said().endsWith("sound")) {
                findings.add("the audit log of " + service + ": " + verified.said());
            }
        }
        return findings;
    }

    /** Before anybody is let in. */
    private static List<String> forget(Services services, Target target, Restored restored) throws Exception {
        var findings = new ArrayList<String>();
        VitalsRun.Erased erased = run.erased();
        boolean before = target.at().isBefore(erased.at());
        if (before && Proof.about(restored, "health", erased.member()) == 0) {
            findings.add("nothing about who was forgotten later came back, so this proves nothing");
        }
        Barman.Outcome replayed = services.replayErasures();
        if (replayed.code() != 0 || !replayed.said().contains("1 members forgotten again")) {
            findings.add("the ledger of erasures: " + replayed.said());
        }
        long left = Proof.about(restored, "health", erased.member());
        if (left > 0) {
            findings.add(left + " rows about a forgotten member are in health");
        }
        return findings;
    }

    private static List<String> forgottenByBoth(Restored restored) throws Exception {
        await("whoop-service forgets again")
                .atMost(FORGOTTEN)
                .until(() -> Proof.about(restored, "whoop", run.erased().member()) == 0);
        long left = Proof.about(restored, "health", run.erased().member());
        return left == 0 ? List.of() : List.of(left + " rows about a forgotten member are in health again");
    }
}
