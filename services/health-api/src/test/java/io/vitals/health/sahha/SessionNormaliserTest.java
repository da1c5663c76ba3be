package io.vitals.health.sahha;

import io.vitals.health.sahha.SahhaRecord.Outcome;
import io.vitals.health.sahha.SahhaRecord.Session;
import io.vitals.health.sahha.SahhaRecord.Skipped;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

class SessionNormaliserTest {
    private static final Instant NOW = Instant.parse("2026-11-22T15:00:00Z");
    private static final String LOG = "[{'startDateTime':'2026-11-22T07:00:00Z','endDateTime':'2026-11-22T07:10:00Z'}]";

    @Test
    void readsTheSessionsOfADataLog() {
        List<Outcome> outcomes = sessions("exercise_session_running", """
                [{'id':'l-1','parentId':null,'value':40,'unit':'minute','startDateTime':'2026-11-22T23:50:00.000+13:00',
                  'endDateTime':'2026-11-23T00:30:00.000+13:00','additionalProperties':{}},
                 {'startDateTime':'2026-11-22T07:00:00+01:00','endDateTime':'2026-11-22T07:10:00+01:00'}]""");

        Session first = (Session) Objects.requireNonNull(outcomes.getFirst().stored());
        assertThat(first.type()).isEqualTo("running");
        assertThat(first.id()).isEqualTo("l-1");
        assertThat(first.date()).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(first.timezoneOffset()).isEqualTo("+13:00");
        assertThat(Duration.between(first.start(), first.end())).isEqualTo(Duration.ofMinutes(40));
        assertThat(first.createdAt()).isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
        assertThat(outcomes.getLast().stored()).isNotNull();
    }

    @Test
    void skipsPartsOfSessionsAndWhatCannotBeOne() {
        assertThat(skipped("exercise_session_running", LOG)).isNull();
        assertThat(skipped("exercise_session", LOG)).isNull();
        assertThat(skipped("exercise_lap_running", LOG)).isEqualTo(Skipped.UNSUPPORTED);
        assertThat(skipped("exercise_session_running", LOG.replace("[{", "[{'parentId':'l-1',")))
                .isEqualTo(Skipped.UNSUPPORTED);
        assertThat(skipped("exercise_session_running", LOG.replace("T07:10", "T06:10")))
                .isEqualTo(Skipped.OUT_OF_RANGE);
        assertThat(skipped("exercise_session_running", LOG.replace("22T07:10", "25T07:10")))
                .isEqualTo(Skipped.OUT_OF_RANGE);
        assertThat(skipped("exercise_session_running", LOG.replace("endDateTime", "until")))
                .isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("exercise_session_running", "[7]")).isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("exercise_session_running", "{}")).isEqualTo(Skipped.MALFORMED);
        assertThat(skipped("no name", LOG)).isEqualTo(Skipped.MALFORMED);
    }

    @Test
    void readsASessionOutOfABiomarkerToo() {
        Outcome outcome = Normaliser.biomarker(
                Json.tree(json("{'id':'b-1','category':'exercise','type':'exercise_session_rowing',"
                        + "'periodicity':'none','value':'40','valueType':'decimal','startDateTime':'2026-11-22T07:00:00+01:00',"
                        + "'endDateTime':'2026-11-22T07:40:00+01:00','createdAtUtc':'2026-11-22T07:00:00Z'}")),
                NOW);

        assertThat(Objects.requireNonNull(outcome.stored()).type()).isEqualTo("rowing");
        assertThat(outcome.stored()).isInstanceOf(Session.class);
    }

    @Test
    void onlyDataLogsOfExerciseAreKept() {
        assertThat(EventType.kept(EventType.DATA_LOG, Json.tree(json("{'logType':'exercise'}"))))
                .isTrue();
        assertThat(EventType.kept(EventType.DATA_LOG, Json.tree(json("{'logType':'device'}"))))
                .isFalse();
        assertThat(EventType.kept(EventType.DATA_LOG, Json.tree(json("[]")))).isFalse();
        assertThat(EventType.kept("ArchetypeCreatedIntegrationEvent", Json.tree(json("{'logType':'exercise'}"))))
                .isFalse();
    }

    private static @Nullable Skipped skipped(String kind, String logs) {
        return sessions(kind, logs).getFirst().skipped();
    }

    private static List<Outcome> sessions(String kind, String logs) {
        String event = "{'logType':'exercise','dataType':'" + kind
                + "','receivedAtUtc':'2026-11-22T12:00:00Z','dataLogs':" + logs + "}";
        return Normaliser.sessions(Json.tree(json(event)), NOW);
    }

    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
