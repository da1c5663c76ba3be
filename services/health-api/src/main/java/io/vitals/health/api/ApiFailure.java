package io.vitals.health.api;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** What the API answers besides the common failures. */
public sealed interface ApiFailure extends Failure {

    /** Nothing is connected before the member agreed to it. */
    record ConsentRequired() implements ApiFailure {
        public static final ProblemType TYPE = new ProblemType(403, "consent-required", "Consent comes first");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "Agree to the use of your health data before you connect a source.";
        }
    }
}
