package io.vitals.health.daily;

import io.vitals.health.daily.Explanation.Candidate;
import io.vitals.health.daily.Explanation.Choice;
import io.vitals.health.daily.MetricValue.Absence;
import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.sahha.SahhaDay;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import static io.vitals.health.daily.Days.DATE;
import static io.vitals.health.daily.Days.WAKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ExplainerTest extends AnyDays {

    /** The explanation and the record are two readings of one merge. */
    @Property(tries = 400)
    void tellsWhatTheMergeDid(@ForAll("inputs") DayInputs inputs) {
        DailyRecord day = DayMerge.merge(inputs);
        Explanation told = Explainer.explain(inputs, 5);

        assertThat(told.version()).isEqualTo(5);
        assertThat(told.metrics().keySet())
                .containsExactlyElementsOf(
                        Arrays.stream(Metric.values()).map(Metric::wire).toList());
        for (Metric metric : Metric.values()) {
            Choice choice = Objects.requireNonNull(told.metrics().get(metric.wire()));
            List<Candidate> chosen =
                    choice.candidates().stream().filter(Candidate::chosen).toList();
            switch (day.metric(metric)) {
                case Reading reading -> {
                    assertThat(choice.value()).isEqualTo(reading.quantity().amount());
                    assertThat(choice.winner()).isEqualTo(reading.source().wire());
                    assertThat(choice.reason()).isNull();
                    assertThat(chosen).singleElement().satisfies(candidate -> {
                        assertThat(candidate.source())
                                .isEqualTo(reading.source().wire());
                        assertThat(candidate.recordId()).isEqualTo(reading.recordId());
                        assertThat(candidate.value()).isEqualTo(choice.value());
                    });
                }
                case Absence absence -> {
                    assertThat(choice.value()).isNull();
                    assertThat(choice.winner()).isNull();
                    assertThat(choice.reason()).isEqualTo(absence.reason().wire());
                    assertThat(chosen).isEmpty();
                }
            }
            assertThat(choice.rule()).isNotBlank();
            assertThat(choice.decision()).isNotBlank();
            assertThat(choice.candidates())
                    .isNotEmpty()
                    .allSatisfy(
                            candidate -> assertThat(candidate.value() == null).isEqualTo(candidate.reason() != null));
        }
        double weights = told.overallScore().parts().stream()
                .mapToDouble(Explanation.Part::weight)
                .sum();
        assertThat(weights).isCloseTo(day.overallScore() == null ? 0 : 1, within(1e-3));
        assertThat(told.workouts().listed()).hasSameSizeAs(day.workouts());
        assertThat(told.workouts().listed().size() + told.workouts().dropped().size())
                .isEqualTo(Workouts.straps(inputs.whoop()).size()
                        + inputs.sahha().sessions().size());
    }

    @Test
    void namesTheLoserAndWhyItLost() {
        Choice contested = explained(Days.inputs(Days.whoop(), Days.sahha()), Metric.RESTING_HR);
        assertThat(contested.winner()).isEqualTo("whoop");
        assertThat(contested.decision()).isEqualTo("WHOOP goes first here.");
        assertThat(contested.candidates()).extracting(Candidate::value).containsExactly(52.0, 55.0);

        DayInputs calibrating = Days.inputs(
                Days.whoop(null, Days.recovery("SCORED", true), List.of(Days.night("s-1", 400))), Days.sahha());
        Choice readiness = explained(calibrating, Metric.EFFECTIVE_READINESS);
        assertThat(readiness.winner()).isEqualTo("sahha");
        assertThat(readiness.decision()).contains("learns this member's baseline");
        assertThat(readiness.candidates().getFirst().value()).isEqualTo(64);
        assertThat(readiness.candidates().getFirst().flags()).containsExactly("calibrating");

        DayInputs pending = Days.inputs(
                Days.whoop(null, Days.recovery("PENDING_SCORE", false), List.of(Days.night("s-1", 400))), Days.sahha());
        assertThat(explained(pending, Metric.RESTING_HR).decision())
                .isEqualTo("Sahha alone has a value; the other one's is not scored yet.");

        DayInputs running = Days.inputs(Days.whoop(Days.cycle("SCORED", null), null, List.of()), Days.sahha());
        assertThat(explained(running, Metric.ENERGY_TOTAL).decision()).contains("still runs");
    }

    @Test
    void showsWhatIsMissingAndWhatWasLeftOut() {
        SahhaDay phone =
                new SahhaDay(DATE, List.of(), List.of(), List.of(Days.session("e-1", WAKE, Duration.ofMinutes(40))));
        var strap = new io.vitals.health.whoop.WhoopDay(
                DATE,
                1,
                null,
                null,
                List.of(),
                List.of(Days.workout("w-1", WAKE, Duration.ofMinutes(30))),
                null,
                List.of());
        Explanation told = Explainer.explain(Days.inputs(strap, phone), 1);

        assertThat(told.workouts().listed()).containsExactly("w-1");
        assertThat(told.workouts().dropped()).containsExactly(new Explanation.Dropped("e-1", "sahha", 0.75));
        assertThat(told.overallScore().value()).isNull();
        assertThat(told.overallScore().parts())
                .extracting(Explanation.Part::fullWeight)
                .containsExactly(0.4, 0.3, 0.2, 0.1);
    }

    private static Choice explained(DayInputs inputs, Metric metric) {
        return Objects.requireNonNull(Explainer.explain(inputs, 1).metrics().get(metric.wire()));
    }
}
