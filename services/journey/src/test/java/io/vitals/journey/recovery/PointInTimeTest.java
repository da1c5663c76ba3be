package io.vitals.journey.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is wrong with an archive, a backup or a moment is found out, on a server without the services. */
@Tag("recovery")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PointInTimeTest {
    private static final long SEED = Long.getLong("vitals.restore.seed", System.nanoTime());
    private static final Path FOLDER = Path.of("target", "point-in-time").toAbsolutePath();
    private static final int SEGMENTS = 3;

    private static SandboxPostgres server;
    private static Original original;
    /** File of a table that nobody writes to. */
    private static String untouched;

    @BeforeAll
    static void loseADatabase() throws Exception {
        Tools.fresh(FOLDER);
        Path directory = Files.createDirectories(FOLDER.resolve("postgres"));
        SandboxPostgres.fill(directory);
        server = SandboxPostgres.start(directory, 0);
        original = new Original(server, directory, FOLDER);
        original.value(
                Ledger.DATABASE,
                "CREATE TABLE untouched WITH (autovacuum_enabled = false) AS SELECT generate_series(1, 1000) AS id; SELECT 1");
        untouched = original.value(Ledger.DATABASE, "SELECT pg_relation_filepath('untouched')");
        original.backup();
        for (int i = 0; i < SEGMENTS; i++) {
            Thread.sleep(Duration.ofSeconds(4));
            original.archiveSegment();
        }
        original.nameTheMoment();
        original.backup();
        Thread.sleep(Duration.ofSeconds(4));
        original.archiveSegment();
        Thread.sleep(Duration.ofSeconds(4));
        original.lose();
    }

    @AfterAll
    static void end() {
        // The server first: it waits for its archiver.
        if (server != null) {
            server.close();
        }
        if (original != null) {
            original.close();
        }
    }

    @Test
    @Order(1)
    void eachKindOfMomentHasExactlyTheCommitsBeforeIt() throws Exception {
        var plan = new Plan(original.written(), SEED);
        for (Target target : plan.targets(SEGMENTS)) {
            try (Restored restored = Restored.make(
                            original, target, FOLDER.resolve(target.kind().name()));
                    Connection ledger = restored.superuser(Ledger.DATABASE)) {
                var found = Ledger.entries(ledger);
                System.err.println(target.kind() + " " + target.name() + ": " + found.size());
                assertThat(Proof.ledger(plan.expected(target), found))
                        .as("%s %s of seed %d", target.kind(), target.name(), SEED)
                        .isEmpty();
                assertThat(plan.promised(target, found)).isEmpty();
                assertThat(Proof.structure(restored)).isEmpty();
            }
        }
    }

    /** A restore to the end of the archive stops at the gap, comes up and says nothing: hence the archive is looked through. */
    @Test
    @Order(2)
    void aMissingSegmentIsFound() throws Exception {
        JsonNode first = original.barman().backups().getFirst();
        long missing = Archive.segment(first.path("end_wal").asText()) + 1;
        Target last = new Plan(original.written(), SEED).end();
        Path object = Archive.object(original.barman().objects(), missing);
        Path aside = FOLDER.resolve(object.getFileName());
        Files.move(object, aside);
        try {
            assertThat(Archive.missing(original.barman().objects(), original.firstSegment()))
                    .containsExactly("segment " + Archive.name(missing) + " is missing in the archive");
            assertThatThrownBy(() -> fromFirst(
                                    "gap",
                                    Target.time(
                                            last.at().minusMillis(1),
                                            original.written().log()))
                            .close())
                    .isInstanceOf(RestoreFailure.class)
                    .hasMessageContaining("recovery ended before configured recovery target was reached");
            try (Restored silent = fromFirst("gap-to-the-end", last);
                    Connection ledger = silent.superuser(Ledger.DATABASE)) {
                assertThat(Proof.ledger(new Plan(original.written(), SEED).expected(last), Ledger.entries(ledger)))
                        .singleElement()
                        .asString()
                        .contains("commits before the target are missing");
            }
        } finally {
            Files.move(aside, object);
        }
        assertThat(Archive.missing(original.barman().objects(), original.firstSegment()))
                .isEmpty();
    }

    @Test
    @Order(3)
    void aTargetBeforeTheFirstBackupIsRefused() throws Exception {
        CommitLog.End early = original.written().log().ends().getFirst();
        Target target = Target.time(early.at(), original.written().log());
        assertThatThrownBy(() -> Restored.make(original, target, FOLDER.resolve("too-early"))
                        .close())
                .isInstanceOf(RestoreFailure.class)
                .hasMessageContaining("Cannot find any candidate backup for recovery");
        assertThatThrownBy(
                        () -> fromFirst("too-early-by-force", Target.lsn(early)).close())
                .isInstanceOf(RestoreFailure.class)
                .hasMessageContaining("requested recovery stop point is before consistent recovery point");
    }

    @Test
    @Order(4)
    void aCorruptedBackupIsFound() throws Exception {
        String newest = original.newestBackup().path("backup_id").asText();
        Path object = original.barman().objects().resolve("base/" + newest + "/data.tar.gz");
        byte[] sound = Files.readAllBytes(object);
        byte[] corrupt = sound.clone();
        corrupt[corrupt.length / 2] ^= 0x55;
        Bucket.replace(object, corrupt);
        try {
            assertThat(Archive.corrupt(original.barman().objects()))
                    .singleElement()
                    .asString()
                    .startsWith("object base/" + newest + "/data.tar.gz is corrupt: ");
        } finally {
            Bucket.replace(object, sound);
        }
        assertThat(Archive.corrupt(original.barman().objects())).isEmpty();
        // What was wrong on the disk before it was packed comes back wrong, and is found when it is proven.
        Path folder = FOLDER.resolve("corrupt-page");
        Restored.fetch(original, List.of(), newest, folder);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("data").resolve(untouched).toFile(), "rw")) {
            file.seek(8_000);
            int one = file.read();
            file.seek(8_000);
            file.write(one ^ 0x55);
        }
        Target end = new Plan(original.written(), SEED).end();
        try (Restored wrong = Restored.recover(original, end, folder, Duration.ZERO)) {
            assertThat(Proof.structure(wrong)).isNotEmpty().allMatch(finding -> finding.contains("untouched"));
        }
    }

    /**
     * Of two backups both are older than the window, which needs the newer one to begin with. Time is not waited for: it is written into
     * what Barman keeps of them.
     */
    @Test
    @Order(5)
    void oldBackupsGoAndTheNewestCanStillBeRestored() throws Exception {
        List<JsonNode> before = original.barman().backups();
        assertThat(before).hasSize(2);
        int window = original.production().retentionDays();
        original.barman().age(before.getFirst().path("backup_id").asText(), Duration.ofDays(2L * window + 10));
        original.barman().age(before.getLast().path("backup_id").asText(), Duration.ofDays(window + 5L));
        original.barman().deleteBy(original.production().retentionPolicy()).orThrow();
        List<JsonNode> after = original.barman().backups();
        assertThat(after)
                .singleElement()
                .satisfies(kept -> assertThat(kept.path("backup_id"))
                        .isEqualTo(before.getLast().path("backup_id")));
        assertThat(Archive.segments(original.barman().objects()).first())
                .isEqualTo(Archive.segment(after.getFirst().path("begin_wal").asText()));
        Target end = new Plan(original.written(), SEED).end();
        try (Restored restored = Restored.make(original, end, FOLDER.resolve("after-retention"));
                Connection ledger = restored.superuser(Ledger.DATABASE)) {
            assertThat(Proof.ledger(new Plan(original.written(), SEED).expected(end), Ledger.entries(ledger)))
                    .isEmpty();
        }
    }

    private static Restored fromFirst(String name, Target target) throws Exception {
        Path folder = FOLDER.resolve(name);
        Restored.fetch(
                original,
                List.of(),
                original.barman().backups().getFirst().path("backup_id").asText(),
                folder);
        return Restored.recover(original, target, folder, Duration.ZERO);
    }
}
