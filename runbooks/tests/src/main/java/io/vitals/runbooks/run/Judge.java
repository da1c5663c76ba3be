package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Expectation;
import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Step;

import java.util.Optional;

/** Compares an answer with what the step expects. */
final class Judge {
    private Judge() {}

    /** Why it is not so. */
    static Optional<String> against(Step step, Answer answer) {
        Expectation expect = step.expect();
        Optional<String> ending =
                answer.code().isPresent() ? ending(step, answer.code().getAsInt()) : Optional.empty();
        return ending.or(() -> expect.rows()
                        .filter(rows -> !rows.holds(answer.rows().orElse(-1)))
                        .map(rows -> count(answer.rows().orElse(-1)) + ", expected " + rows))
                .or(() -> expect.num()
                        .filter(num -> !num.holds(answer.number()))
                        .map(num -> Double.isNaN(answer.number())
                                ? "answers no single number"
                                        + answer.rows().stream()
                                                .mapToObj(rows -> " but " + count(rows))
                                                .findFirst()
                                                .orElse("")
                                        + ", expected " + num
                                : plain(answer.number()) + ", expected " + num))
                .or(() -> expect.stdout()
                        .filter(pattern -> !pattern.matcher(answer.out()).find())
                        .map(pattern -> "says nothing that matches " + pattern));
    }

    private static Optional<String> ending(Step step, int code) {
        Expectation expect = step.expect();
        if (step.language() == Language.HTTP) {
            boolean fine = expect.exit().isPresent() ? code == expect.exit().getAsInt() : code / 100 == 2;
            return fine
                    ? Optional.empty()
                    : Optional.of("answers " + code + ", expected "
                            + (expect.exit().isPresent()
                                    ? Integer.toString(expect.exit().getAsInt())
                                    : "2xx"));
        }
        int expected = expect.exit().orElse(0);
        return code == expected ? Optional.empty() : Optional.of("ends with " + code + ", expected " + expected);
    }

    private static String count(int rows) {
        return rows == 1 ? "1 row" : rows + " rows";
    }

    static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
