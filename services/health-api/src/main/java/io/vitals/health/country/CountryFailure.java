package io.vitals.health.country;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** What the rule by country answers. */
public sealed interface CountryFailure extends Failure {

    /** Not from there. */
    record Refused() implements CountryFailure {
        public static final ProblemType TYPE =
                new ProblemType(403, "country-refused", "Vitals is not offered where you are");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "Requests from this country, or from nowhere known, are not taken.";
        }
    }
}
