package io.vitals.health.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a browser may be sent after signing in: a path of this site. Only plain characters pass, so nothing that a
 * browser could read as another host (two slashes, a backslash, an encoded form, a control character) ever does.
 */
final class LocalTarget {
    private static final int LONGEST = 200;
    private static final String SEGMENT = "[A-Za-z0-9_~-][A-Za-z0-9_~.-]*+";
    private static final Pattern PLAIN =
            Pattern.compile("/(?:" + SEGMENT + "(?:/" + SEGMENT + ")*+/?)?(?:\\?[A-Za-z0-9_~.=&-]*+)?");

    private LocalTarget() {}

    /** The target as given; empty when it is refused. */
    static Optional<String> of(String wanted) {
        if (wanted.length() > LONGEST || !PLAIN.matcher(wanted).matches() || wanted.startsWith("/auth/")) {
            return Optional.empty();
        }
        return Optional.of(wanted);
    }
}
