package io.vitals.health.sahha;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What Sahha sends, from the signature to the stored row. */
class SahhaIntakeTest extends SahhaScene {
    @Test
    void anAnnouncedDayIsStoredFromItsEvents() {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        health.clear(List.of("sahha_score", "sahha_biomarker"));
        LocalDate date =
                recorder.days.stream().max(LocalDate::compareTo).orElseThrow().minusDays(1);

        sahha.control().duplicateWebhooks(3);
        int sent = sahha.control().announce(MEMBER.toString(), date);
        await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'done' AND body IS NULL") == sent);
        assertThat(count("sahha_score")).isGreaterThanOrEqualTo(4);
        assertThat(count("sahha_biomarker")).isGreaterThan(5);
        assertThat(recorder.days).contains(date);
    }

    @Test
    void anEventIsKeptBeforeItIsAnsweredAndSurvivesUntilAWorkerComes() throws Exception {
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        String body = event("0.72", "2026-09-20T01:00:00Z");

        assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
        assertThat(count("sahha_inbox WHERE state = 'new'")).isEqualTo(1);
        assertThat(post(body, sign(body).toUpperCase(Locale.ROOT), MEMBER.toString()))
                .isEqualTo(204);
        assertThat(count("sahha_inbox")).isEqualTo(1);

        service.start();
        await().atMost(SOON).until(() -> count("sahha_score WHERE percent = 72") == 1);
    }

    @Test
    void theAgeOfTheOldestEventThatWaitsIsMeasured() throws Exception {
        assertThat(EventType.ALL).allSatisfy(type -> assertThat(oldest(type)).isZero());
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        for (String body : List.of(event("0.72", "2026-09-20T01:00:00Z"), event("0.73", "2026-09-20T02:00:00Z"))) {
            assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
        }
        db.execute(
                Sql.named(
                        "waiting",
                        "UPDATE sahha_inbox SET received_at = received_at - interval '5 minutes' "
                                + "WHERE id = (SELECT min(id) FROM sahha_inbox)"),
                Params.none());

        assertThat(service.measure()).isFalse();
        assertThat(oldest(EventType.SCORE)).isGreaterThanOrEqualTo(300);
        assertThat(oldest(EventType.BIOMARKER)).isZero();

        service.start();
        await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'new'") == 0);
        service.measure();
        assertThat(oldest(EventType.SCORE)).isZero();
    }

    /** What was given up waits for nobody: it is counted instead, until somebody replays it. */
    @Test
    void anEventThatWasGivenUpDoesNotWaitAndIsCounted() throws Exception {
        String body = event("0.72", "2026-09-20T01:00:00Z");
        assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
        db.execute(
                Sql.named(
                        "given-up",
                        "UPDATE sahha_inbox SET state = 'dead', received_at = received_at - interval '1 hour'"),
                Params.none());
        service.measure();
        assertThat(oldest(EventType.SCORE)).isZero();
        assertThat(dead(EventType.SCORE)).isEqualTo(1);
        assertThat(dead(EventType.BIOMARKER)).isZero();

        db.execute(Sql.named("replayed", "UPDATE sahha_inbox SET state = 'new'"), Params.none());
        service.measure();
        assertThat(dead(EventType.SCORE)).isZero();
    }

    @Test
    void theNewestIssueOfADayWinsWhateverTheOrder() throws Exception {
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        service.start();
        for (String body : List.of(
                event("0.60", "2026-09-20T09:00:00Z"),
                event("0.70", "2026-09-20T21:00:00Z"),
                event("0.65", "2026-09-20T12:00:00Z"))) {
            assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
            await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'new'") == 0);
        }
        assertThat(count("sahha_score WHERE local_date = '2026-09-20'")).isEqualTo(1);
        assertThat(count("sahha_score WHERE local_date = '2026-09-20' AND percent = 70"))
                .isEqualTo(1);
    }

    @Test
    void refusesWhatIsNotSignedOrNotTheirs() throws Exception {
        String body = event("0.72", "2026-09-20T01:00:00Z");

        assertThat(post(body, "", MEMBER.toString())).isEqualTo(401);
        assertThat(post(body, "zz", MEMBER.toString())).isEqualTo(401);
        assertThat(post(body, sign(body + " "), MEMBER.toString())).isEqualTo(401);
        assertThat(post(body, sign(body), UUID.randomUUID().toString())).isEqualTo(400);
        assertThat(post("no json", sign("no json"), MEMBER.toString())).isEqualTo(400);
        String large = " ".repeat(WebhookIntake.MOST_BYTES) + body;
        assertThat(post(large, sign(large), MEMBER.toString())).isEqualTo(413);
        assertThat(count("sahha_inbox")).isZero();
    }

    @Test
    void acceptsTheDocumentedCheckVector() throws Exception {
        String body = "{\"type\":\"sleep\",\"score\":0.72,\"externalId\":\"u-1\"}";

        assertThat(post(body, "614e091a845782c73c022d0675759fed2a51f4728586b184f4a2d13024cd6a45", "u-1"))
                .isEqualTo(204);
        assertThat(count("sahha_inbox")).isZero();
    }

    @Test
    void keepsNothingOfAMemberWhoWithdrew() throws Exception {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        service.withdrawn(MEMBER);
        long scores = count("sahha_score");
        String body = event("0.01", "2027-01-01T00:00:00Z");

        assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
        await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'done'") == 1);
        assertThat(count("sahha_score")).isEqualTo(scores);
        assertThat(count("sahha_score WHERE percent = 1")).isZero();
        assertThat(recorder.states.getLast().connected()).isFalse();
    }

    @Test
    void anEventThatCannotBeReadDiesAfterItsAttemptsAndStopsNobody() {
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        db.transaction(tx -> Inbox.put(
                tx,
                new byte[] {1},
                EventType.SCORE,
                MEMBER,
                "broken".getBytes(StandardCharsets.UTF_8),
                clock.instant()));
        InboxWorker worker = new InboxWorker(db, recorder, new RecordMeter(new SimpleMeterRegistry()), clock);
        for (int i = 0; i < Inbox.MOST_ATTEMPTS; i++) {
            db.execute(Sql.named("now", "UPDATE sahha_inbox SET due_at = received_at"), Params.none());
            worker.step();
        }
        assertThat(count("sahha_inbox WHERE state = 'dead' AND outcome = 'unreadable'"))
                .isEqualTo(1);
        assertThat(worker.step()).isFalse();
    }

    private double dead(String type) {
        return registry.get("vitals.sahha.webhook.dead.letter")
                .tag("type", type)
                .gauge()
                .value();
    }

    private double oldest(String type) {
        return registry.get("vitals.sahha.webhook.oldest.pending")
                .tag("type", type)
                .timeGauge()
                .value(TimeUnit.SECONDS);
    }
}
