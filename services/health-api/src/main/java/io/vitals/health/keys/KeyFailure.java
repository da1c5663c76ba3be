package io.vitals.health.keys;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** What making a key answers besides the common failures. */
public sealed interface KeyFailure extends Failure {

    /** The member has as many keys as anybody may have. */
    record TooMany() implements KeyFailure {
        public static final ProblemType TYPE = new ProblemType(409, "too-many-keys", "Too many API keys");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "At most " + ApiKeys.MOST + " keys may be live at once; revoke one first.";
        }
    }
}
