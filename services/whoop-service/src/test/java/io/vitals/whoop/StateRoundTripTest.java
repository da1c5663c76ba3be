package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.sandbox.postgres.AnyRows;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A store that was exported, lost and imported is what it was. */
class StateRoundTripTest {
    private static final Set<String> NOT_PLANTED =
            Set.of("flyway_schema_history", "state_import", "audit_event", "quota");

    @TempDir
    private Path root;

    @Test
    void whatTheServiceHasMadeComesBackByteForByteAndGoesOn() throws Exception {
        StateScene scene = new StateScene(root);
        SandboxDatabase old;
        UUID member;
        try (RunningService service = RunningService.start()) {
            member = service.connect(1);
            await().atMost(Duration.ofSeconds(60)).until(() -> Rows.fetched(service, member));
            old = service.sandbox();
        }
        Path first = scene.export(old);
        SandboxDatabase fresh = TestDatabases.migrated();
        assertThat(scene.importInto(fresh, first)).contains("schema 026");

        assertThat(StateScene.content(scene.export(fresh))).isEqualTo(StateScene.content(first));
        for (String table : List.of(
                "link",
                "cycle",
                "sleep",
                "recovery",
                "workout",
                "profile",
                "body",
                "sync_cursor",
                "sync_run",
                "coverage",
                "change",
                "audit_event")) {
            assertThat(StateScene.one(fresh, "SELECT count(*) > 0 FROM " + table))
                    .as(table)
                    .isEqualTo("t");
        }
        String tokens = "SELECT encode(access_token, 'hex') || encode(refresh_token, 'hex') FROM link";
        assertThat(StateScene.one(fresh, tokens)).isEqualTo(StateScene.one(old, tokens));
        assertThat(StateScene.verifyAudit(fresh)).endsWith("sound");
        assertThat(StateScene.disabledTriggers(fresh)).isEqualTo("0");
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM oauth_state")).isEqualTo("0");
        assertThat(StateScene.one(fresh, "SELECT count(*) FROM quota")).isEqualTo("1");
        goesOn(fresh, member);
    }

    /** Numbers are not given out twice, the log is appended to, and the feed shows what there is. */
    private static void goesOn(SandboxDatabase store, UUID member) throws Exception {
        String newest = StateScene.one(store, "SELECT max(seq) FROM change");
        try (Database database = TestDatabases.open(store)) {
            Feed feed = new Feed(database);
            assertThat(feed.read("", 10_000, Duration.ZERO, () -> false)
                            .orElseThrow()
                            .changes())
                    .hasSize(Integer.parseInt(StateScene.one(store, "SELECT count(*) FROM change")));
            new AuditLog(new SimpleMeterRegistry()).append(database, AuditEvent.of("link.checked", "system", member));
        }
        StateScene.execute(
                store, "INSERT INTO change (member_id, day, kind) VALUES ('" + member + "', '2026-11-22', 'cycle')");
        assertThat(StateScene.one(store, "SELECT max(seq) > " + newest + " FROM change"))
                .isEqualTo("t");
        assertThat(StateScene.verifyAudit(store)).endsWith("sound");
    }

    @Test
    void anyValueOfAnyColumnOfEveryTableComesBackByteForByte() throws Exception {
        StateScene scene = new StateScene(root);
        SandboxDatabase old = planted();
        Path first = scene.export(old);
        for (JsonNode file : StateScene.manifest(first).path("files")) {
            assertThat(file.path("rows").asLong())
                    .as(file.path("table").asText())
                    .isGreaterThanOrEqualTo(8);
        }
        SandboxDatabase fresh = withoutRules();
        scene.importInto(fresh, first);

        Path second = scene.export(fresh);
        assertThat(StateScene.content(second)).isEqualTo(StateScene.content(first));
        assertThat(StateScene.manifest(second).path("files").findValuesAsText("sealed_sha256"))
                .as("each export has a data key of its own")
                .doesNotContainAnyElementsOf(
                        StateScene.manifest(first).path("files").findValuesAsText("sealed_sha256"));
        // The control: the comparison sees one changed bit.
        StateScene.execute(fresh, "UPDATE workout SET strain = 0.5 WHERE ctid = (SELECT min(ctid) FROM workout)");
        Map<String, String> changed = StateScene.content(scene.export(fresh));
        assertThat(changed).isNotEqualTo(StateScene.content(first));
        assertThat(StateScene.verifyAudit(fresh)).endsWith("sound");
    }

    @Test
    void theFilesAreTheirOwnersAndSealed() throws Exception {
        StateScene scene = new StateScene(root);
        Path export = scene.export(planted());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(export)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(export)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as("%s", file)
                        .isEqualTo("rw-------");
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(bytes).doesNotContain("double", "spaces around", "00000000-0000-4000-8000");
            }
        }
    }

    @Test
    void theExportIsOfOneMomentAndItsEntryInTheLogComesAfter() throws Exception {
        StateScene scene = new StateScene(root);
        SandboxDatabase store = planted();
        StateScene.execute(store, "TRUNCATE coverage, erasure_receipt");
        Path export;
        try (Connection writer = store.connectAsOwner();
                var statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            // One in two tables, over and over: an export of two moments would find a pair broken.
            Thread writing = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                        statement.execute(
                                "INSERT INTO coverage VALUES (gen_random_uuid(), 'sleep', '2026-11-22', 'asked',"
                                        + " NULL, now()); INSERT INTO erasure_receipt VALUES (gen_random_uuid(), 'x', "
                                        + i + ")");
                        writer.commit();
                    }
                } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> Integer.parseInt(StateScene.one(store, "SELECT count(*) FROM coverage")) > 50);
            export = scene.export(store);
            int after = Integer.parseInt(StateScene.one(store, "SELECT count(*) FROM coverage"));
            await().until(() -> Integer.parseInt(StateScene.one(store, "SELECT count(*) FROM coverage")) > after);
            writing.interrupt();
            writing.join(Duration.ofSeconds(10));
            assertThat(rows(export, "coverage"))
                    .isPositive()
                    .isLessThan(after)
                    .isEqualTo(rows(export, "erasure_receipt"));
        }
        assertThat(StateScene.one(store, "SELECT count(*) FROM audit_event WHERE action = 'state.exported'"))
                .isEqualTo("1");
        assertThat(rows(export, "audit_event"))
                .isEqualTo(Long.parseLong(StateScene.one(store, "SELECT count(*) - 1 FROM audit_event")));
    }

    private static long rows(Path export, String table) throws Exception {
        for (JsonNode file : StateScene.manifest(export).path("files")) {
            if (file.path("table").asText().equals(table)) {
                return file.path("rows").asLong();
            }
        }
        throw new AssertionError("no file of " + table);
    }

    @Test
    void whoWasErasedSinceDoesNotComeBack() throws Exception {
        StateScene scene = new StateScene(root);
        SandboxDatabase old = planted();
        UUID erased = UUID.fromString(StateScene.one(
                old, "SELECT member_id FROM link WHERE access_token IS NOT NULL ORDER BY member_id LIMIT 1"));
        Path export = scene.export(old);
        Path ledger = Files.createDirectory(root.resolve("ledger"));
        Files.writeString(
                ledger.resolve("health-api-run.erasures.jsonl"),
                "{\"erasure\":\"" + UUID.randomUUID() + "\",\"member\":\"" + erased
                        + "\",\"requested_at\":\"2026-11-22T05:06:07Z\"}\n");

        SandboxDatabase forgetting = withoutRules();
        assertThat(scene.importInto(forgetting, export, "--ledger", ledger.toString()))
                .contains("; 1 members of the ledger forgotten again");
        assertThat(StateScene.one(forgetting, "SELECT personal_left('" + erased + "')"))
                .isEqualTo("0");
        assertThat(StateScene.one(forgetting, "SELECT count(*) > 0 FROM link"))
                .as("the others are there")
                .isEqualTo("t");
        assertThat(StateScene.verifyAudit(forgetting)).endsWith("sound");
        // The control: without the ledger they would be back.
        SandboxDatabase remembering = withoutRules();
        scene.importInto(remembering, export, "--no-ledger");
        assertThat(StateScene.one(remembering, "SELECT personal_left('" + erased + "') > 0"))
                .isEqualTo("t");
    }

    /** A store with hard values in every table, and a log that the trigger has linked. */
    static SandboxDatabase planted() throws Exception {
        SandboxDatabase store = TestDatabases.migrated();
        try (Connection owner = store.connectAsOwner()) {
            AnyRows.plant(owner, 8, Map.of(), NOT_PLANTED);
        }
        AuditLog log = new AuditLog(new SimpleMeterRegistry());
        try (Database database = TestDatabases.open(store)) {
            for (int i = 0; i < 12; i++) {
                log.append(
                        database,
                        AuditEvent.of("link.connected", "member", new UUID(1, i))
                                .withObject("g-" + i));
            }
        }
        return store;
    }

    static SandboxDatabase withoutRules() throws Exception {
        SandboxDatabase store = TestDatabases.migrated();
        try (Connection owner = store.connectAsOwner()) {
            AnyRows.dropRules(owner);
        }
        return store;
    }
}
