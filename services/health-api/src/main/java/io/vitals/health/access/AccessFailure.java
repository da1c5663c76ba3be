package io.vitals.health.access;

import io.vitals.health.keys.Scope;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Failure;
import io.vitals.kit.http.ProblemType;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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

    /** The API key was not given what this takes. */
    record ScopeMissing(Optional<Scope> needed) implements AccessFailure {
        public static final ProblemType TYPE = new ProblemType(403, "scope-missing", "The API key does not allow this");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return needed.map(scope -> "It takes a key with the scope " + scope.wire() + ".")
                    .orElse("API keys are not taken here; sign in or use a token.");
        }
    }

    /** The caller has used up what they may ask for. */
    record LimitReached(Duration delay, Map<String, String> headers) implements AccessFailure {
        @Override
        public ProblemType problem() {
            return CommonFailure.RateLimited.TYPE;
        }

        @Override
        public String detail() {
            return "Ask again after the time given in Retry-After.";
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(delay);
        }
    }

    /** A logout token that is forged, too old, used or not for us. */
    record LogoutInvalid() implements AccessFailure {
        public static final ProblemType TYPE = new ProblemType(400, "logout-invalid", "The logout token is not valid");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "Nobody was signed out.";
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
