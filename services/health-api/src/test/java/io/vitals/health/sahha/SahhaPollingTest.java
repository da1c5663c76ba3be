package io.vitals.health.sahha;

import io.vitals.sandbox.sahha.SahhaFault;
import io.vitals.sandbox.sahha.ScoreShape;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is asked of Sahha, and what a Sahha that does not answer changes. */
class SahhaPollingTest extends SahhaScene {
    @Test
    void aConsentRegistersTheMemberAndBringsThirtyDays() {
        service.start();
        service.consented(MEMBER);
        service.consented(MEMBER);

        await().atMost(SOON).until(() -> state().equals("active"));
        assertThat(count("sahha_score")).isGreaterThan(100);
        assertThat(sahha.control().profiles()).containsExactly(MEMBER.toString());
        assertThat(recorder.days).hasSizeGreaterThanOrEqualTo(29);
        assertThat(recorder.states.getLast().name()).isEqualTo("active");
        assertThat(recorder.states.getLast().connected()).isTrue();
        LocalDate yesterday =
                recorder.days.stream().sorted().toList().reversed().get(1);
        SahhaDay day =
                SahhaDays.read(db, MEMBER, List.of(yesterday)).getOrDefault(yesterday, SahhaDay.empty(yesterday));
        assertThat(day.scores()).extracting(SahhaScore::type).contains("activity", "readiness");
        assertThat(day.biomarkers())
                .extracting(SahhaBiomarker::type)
                .contains("steps")
                .doesNotContain("sleep_start_time");
    }

    @Test
    void theQuickStartShapeGivesTheSameDays() {
        sahha.control().scoreShape(ScoreShape.QUICK_START);
        service.start();
        service.consented(MEMBER);

        await().atMost(SOON).until(() -> state().equals("active"));
        assertThat(count("sahha_score WHERE percent > 1")).isGreaterThan(100);
    }

    @Test
    void aSecondPollChangesNothing() {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        long biomarkers = count("sahha_biomarker");
        recorder.days.clear();

        due();
        await().atMost(SOON).until(() -> count("sahha_profile WHERE due_at > now() + interval '5 minutes'") == 1);
        assertThat(count("sahha_biomarker")).isEqualTo(biomarkers);
        // Only today may have been scored anew.
        assertThat(recorder.days).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aSahhaThatIsDownChangesNothingStoredAndIsMarkedStale() {
        SahhaService hasty = service(Duration.ofMillis(300));
        hasty.start();
        hasty.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        long scores = count("sahha_score");

        sahha.control().fault(new SahhaFault.Down());
        await().atMost(SOON).until(() -> recorder.states.getLast().stale());
        assertThat(recorder.states.getLast().name()).isEqualTo("failing");
        assertThat(count("sahha_score")).isEqualTo(scores);

        sahha.control().fault(new SahhaFault.None());
        await().atMost(SOON).until(() -> !recorder.states.getLast().stale());
        hasty.close();
    }

    @Test
    void aRefusedTokenIsFetchedAnewOnce() {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        sahha.control().revokeTokens();
        due();

        await().atMost(SOON)
                .until(() -> count("sahha_profile WHERE failures = 0 AND due_at > now() + interval '5 minutes'") == 1);
        assertThat(sahha.control().requests().stream().filter(line -> line.endsWith("/oauth/account/token")))
                .hasSize(2);
    }

    @Test
    void answersThatAreNoJsonFailThePollOnly() {
        sahha.control().fault(new SahhaFault.WrongJson());
        service.start();
        service.consented(MEMBER);

        await().atMost(SOON).until(() -> count("sahha_profile WHERE failures > 0") == 1);
        sahha.control().fault(new SahhaFault.None());
        await().atMost(SOON).until(() -> state().equals("active"));
    }

    @Test
    void aRefreshAsksAtOnceAndSaysHowItWent() {
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.NOT_CONNECTED);
        service.consented(MEMBER);
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(state()).isEqualTo("active");
        assertThat(count("sahha_score")).isGreaterThan(100);

        sahha.control().fault(new SahhaFault.Slow(Duration.ofSeconds(30)));
        assertThat(service.refresh(MEMBER, Duration.ofMillis(300))).isEqualTo(SahhaRefresh.SLOW);
        sahha.control().fault(new SahhaFault.Status(500));
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.DOWN);
        assertThat(state()).isEqualTo("failing");

        sahha.control().fault(new SahhaFault.None());
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(state()).isEqualTo("active");
        service.withdrawn(MEMBER);
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.NOT_CONNECTED);
    }

    @Test
    void aSahhaThatRefusesExerciseStillGivesTheOtherBiomarkers() {
        service.consented(MEMBER);
        // The control: a Sahha that answers it gives sessions, with one question.
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(count("sahha_session")).isPositive();
        assertThat(biomarkerQuestions()).isOne();
        health.clear(List.of("sahha_biomarker", "sahha_session"));

        sahha.control().answersExercise(false);
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(state()).isEqualTo("active");
        assertThat(count("sahha_biomarker")).isPositive();
        assertThat(count("sahha_session")).isZero();
        assertThat(biomarkerQuestions()).isEqualTo(3);

        // It is not asked for again with every poll.
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(biomarkerQuestions()).isEqualTo(4);
    }

    private long biomarkerQuestions() {
        return sahha.control().requests().stream()
                .filter(line -> line.contains("/profile/biomarker/"))
                .count();
    }
}
