package io.vitals.health.access;

import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

/** What sign-in and the guard answer besides the common failures. */
public sealed interface AccessFailure extends Failure {

    /** A browser sent a state-changing request from another site. */
    record CrossSite() implements AccessFailure {
        public static final ProblemType TYPE = new ProblemType(403, "cross-site", "The request came from another site");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "A request that changes something must come from this site's own page.";
        }
    }

    /** The sign-in cannot be finished: its state is unknown, used, too old or another browser's. */
    record LoginInvalid() implements AccessFailure {
        public static final ProblemType TYPE = new ProblemType(400, "login-invalid", "The sign-in cannot be finished");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "Start the sign-in again from the page.";
        }
    }
}
