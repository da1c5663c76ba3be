package io.vitals.runbooks.run;

import io.vitals.runbooks.run.Result.Outcome;

import java.util.ArrayList;
import java.util.List;

/** How all steps went. */
public final class Tally {
    private final List<Result> results = new ArrayList<>();

    public static Tally of(List<Result> results) {
        var tally = new Tally();
        results.forEach(tally::add);
        return tally;
    }

    void add(Result result) {
        results.add(result);
    }

    public List<Result> results() {
        return List.copyOf(results);
    }

    public long of(Outcome outcome) {
        return results.stream().filter(result -> result.is(outcome)).count();
    }

    @Override
    public String toString() {
        return of(Outcome.PASSED) + " passed, " + of(Outcome.FAILED) + " failed, " + of(Outcome.SKIPPED) + " skipped";
    }
}
