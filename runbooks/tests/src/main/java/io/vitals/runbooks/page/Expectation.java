package io.vitals.runbooks.page;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What an answer has to be for the step to pass.
 *
 * @param exit how the commands end, or the status of an HTTP answer
 * @param stdout is found in what was said
 * @param num of the one number that was said
 * @param rows of how many there were
 */
public record Expectation(
        OptionalInt exit, Optional<Pattern> stdout, Optional<Comparison> num, Optional<Comparison> rows) {}
