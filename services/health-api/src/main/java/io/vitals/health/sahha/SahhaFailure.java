package io.vitals.health.sahha;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** Why an event is not taken. */
public sealed interface SahhaFailure extends Failure {

    /** The signature is missing, no hexadecimal text, or not that of the body. */
    record SignatureInvalid() implements SahhaFailure {
        public static final ProblemType TYPE = new ProblemType(401, "signature-invalid", "The signature does not fit");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "X-Signature is not the signature of this body.";
        }
    }
}
