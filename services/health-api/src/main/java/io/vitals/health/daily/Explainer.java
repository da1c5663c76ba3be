package io.vitals.health.daily;

import io.vitals.health.daily.Explanation.Candidate;
import io.vitals.health.daily.Explanation.Choice;
import io.vitals.health.daily.MetricValue.Absence;
import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a merge into words. It asks the merge itself for the outcome, so that it can never tell another one. */
final class Explainer {
    private Explainer() {}

    static Explanation explain(DayInputs inputs, long version) {
        DailyRecord day = DayMerge.merge(inputs);
        WhoopReadings whoop = new WhoopReadings(inputs.whoop());
        SahhaReadings sahha = new SahhaReadings(inputs.sahha());
        Map<String, Choice> choices = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            boolean derived = metric.pick() == Metric.Pick.DERIVED;
            MetricValue ofWhoop = whoop.read(derived ? Metric.RECOVERY_SCORE : metric);
            MetricValue ofSahha = sahha.read(derived ? Metric.READINESS_SCORE : metric);
            choices.put(metric.wire(), choice(inputs, metric, day.metric(metric), ofWhoop, ofSahha));
        }
        return new Explanation(
                inputs.date(),
                version,
                DailyRecord.FORMULA_VERSION,
                choices,
                overall(day),
                night(day),
                sessions(inputs, day));
    }

    private static Choice choice(
            DayInputs inputs, Metric metric, MetricValue outcome, MetricValue whoop, MetricValue sahha) {
        List<Candidate> candidates = new ArrayList<>();
        for (Source source : Source.values()) {
            if (metric.pick() == Metric.Pick.DERIVED || metric.offeredBy(source)) {
                MetricValue value = source == Source.WHOOP ? whoop : sahha;
                candidates.add(candidate(source, inputs.connected(source), value, value.equals(outcome)));
            }
        }
        return switch (outcome) {
            case Reading reading ->
                new Choice(
                        reading.quantity().amount(),
                        metric.unit().wire(),
                        reading.source().wire(),
                        null,
                        MetricRules.rule(metric),
                        MetricRules.decision(metric, reading, whoop, sahha),
                        candidates);
            case Absence absence ->
                new Choice(
                        null,
                        metric.unit().wire(),
                        null,
                        absence.reason().wire(),
                        MetricRules.rule(metric),
                        MetricRules.absence(absence.reason()),
                        candidates);
        };
    }

    private static Candidate candidate(Source source, boolean connected, MetricValue value, boolean same) {
        return switch (value) {
            case Reading reading ->
                new Candidate(
                        source.wire(),
                        connected,
                        same,
                        reading.quantity().amount(),
                        reading.observedAt(),
                        reading.fetchedAt(),
                        reading.recordId(),
                        reading.state(),
                        Arrays.stream(Flag.values())
                                .filter(reading.flags()::contains)
                                .map(Flag::wire)
                                .toList(),
                        null);
            case Absence absence -> {
                Reason reason = connected ? absence.reason() : Reason.NOT_CONNECTED;
                yield new Candidate(source.wire(), connected, false, null, null, null, null, null, null, reason.wire());
            }
        };
    }

    private static Explanation.Overall overall(DailyRecord day) {
        DailyRecord.OverallScore score = day.overallScore();
        List<Explanation.Part> parts = OverallScores.weights().stream()
                .map(row -> part(row, day, score))
                .toList();
        long present = parts.stream().filter(part -> part.chosen() != null).count();
        String decision = score == null
                ? present + " of the parts is there, which says nothing about the whole."
                : present + " of " + parts.size() + " parts are there and share the whole weight.";
        return new Explanation.Overall(
                score == null ? null : score.score().amount(),
                "The weighted mean of the parts that are there, their weights made to add up to 1; none below two parts.",
                decision,
                parts);
    }

    private static Explanation.Part part(
            OverallScores.Weighted row, DailyRecord day, DailyRecord.@Nullable OverallScore score) {
        List<String> names = row.metrics().stream().map(Metric::wire).toList();
        for (Metric metric : row.metrics()) {
            if (day.metric(metric) instanceof Reading reading) {
                double weight = score == null
                        ? 0
                        : score.components().stream()
                                .filter(component -> component.metric() == metric)
                                .mapToDouble(DailyRecord.OverallScore.Component::weight)
                                .sum();
                return new Explanation.Part(
                        names,
                        metric.wire(),
                        reading.quantity().amount(),
                        row.weight(),
                        Math.round(weight * 10_000) / 10_000.0);
            }
        }
        return new Explanation.Part(names, null, null, row.weight(), 0);
    }

    private static Explanation.Night night(DailyRecord day) {
        DailyRecord.SleepEntry primary = day.sleep().primary();
        return new Explanation.Night(
                "A main sleep belongs to the date it ends on. The longest scored one is the primary one and gives the"
                        + " values of the night; Sahha's night shows only where WHOOP has none.",
                primary == null ? null : primary.id(),
                day.sleep().others().stream().map(DailyRecord.SleepEntry::id).toList(),
                day.sleep().naps().stream().map(DailyRecord.SleepEntry::id).toList());
    }

    private static Explanation.Sessions sessions(DayInputs inputs, DailyRecord day) {
        List<WhoopDay.Workout> straps = Workouts.straps(inputs.whoop());
        List<Explanation.Dropped> dropped = inputs.sahha().sessions().stream()
                .filter(session -> Workouts.repeated(straps, session))
                .map(session -> {
                    long length =
                            Duration.between(session.start(), session.end()).toMillis();
                    double share = length <= 0 ? 1 : (double) Workouts.covered(straps, session) / length;
                    return new Explanation.Dropped(
                            session.id(), Source.SAHHA.wire(), Math.round(share * 1000) / 1000.0);
                })
                .toList();
        return new Explanation.Sessions(
                "WHOOP's workouts, and the phone's sessions of which less than half lies within them.",
                day.workouts().stream().map(DailyRecord.WorkoutEntry::id).toList(),
                dropped);
    }
}
