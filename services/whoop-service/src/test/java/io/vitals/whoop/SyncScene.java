package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.whoop.WebhookSettings;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

import static org.awaitility.Awaitility.await;

/** A running service whose webhooks are all lost, so that only what it looks for itself is found; and hands that upset its store. */
final class SyncScene implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    private final RunningService service = RunningService.start();

    /** Of the start, so that a midnight in between moves nothing under the test. */
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    SyncScene() {
        service.whoop().control().webhooks(new WebhookSettings(0, false, true, false));
    }

    RunningService service() {
        return service;
    }

    UUID connect(int account) {
        UUID member = service.connect(account);
        await().atMost(SOON).until(() -> Rows.settled(service, member));
        return member;
    }

    boolean current(UUID member) {
        return service.link(member).path("sync").path("state").asText().equals("current");
    }

    /** Makes a recurring job due. */
    void runJob(String name) {
        service.database()
                .execute(
                        Sql.named(
                                "test-job",
                                "UPDATE scheduled_tasks SET execution_time = now() WHERE task_name = :name AND NOT picked"),
                        Params.of("name", name));
    }

    /** Until a recurring job that was made due has been run, so that it does not run into the next test. */
    void awaitRest(String job) {
        await().atMost(SOON)
                .until(() -> service.database()
                        .first(
                                Sql.named(
                                        "test-resting",
                                        "SELECT 1 AS n FROM scheduled_tasks WHERE task_name = :name AND NOT picked AND execution_time > now()"),
                                Params.of("name", job),
                                row -> row.longValue("n"))
                        .isPresent());
    }

    /** The day so many days ago, as SQL. */
    String ago(int days) {
        return "CAST('" + today.minusDays(days) + "' AS date)";
    }

    /** The 25 days up to yesterday. */
    JsonNode coverage(UUID member) {
        return service.get(
                        "/internal/v1/coverage/" + member,
                        "from",
                        today.minusDays(25).toString(),
                        "to",
                        today.minusDays(1).toString())
                .path("days");
    }

    void run(String statement, UUID member) {
        service.database().execute(Sql.named("test-run", statement), Params.of("member", member));
    }

    void run(String statement, UUID member, UUID id) {
        service.database().execute(Sql.named("test-run", statement), Params.of("member", member, "id", id));
    }

    long count(String query, UUID member) {
        return Rows.count(service.database(), query, member);
    }

    long countOf(String query, UUID member, UUID id) {
        return service.database()
                .first(Sql.named("test-count", query), Params.of("member", member, "id", id), row -> row.longValue("n"))
                .orElseThrow();
    }

    @Override
    public void close() {
        service.close();
    }
}
