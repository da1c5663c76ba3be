package io.vitals.health.access;

import io.helidon.http.HeaderNames;
import io.helidon.http.SetCookie;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Our cookies. The {@code __Host-} prefix makes browsers refuse them from a sub-domain, without {@code Secure}, or for a
 * part of the site only.
 */
final class Cookies {
    static final String SESSION = "__Host-vitals";
    static final String LOGIN = "__Host-vitals-login";
    /** 256 bits as base64url; anything else is none of ours and never reaches the database. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{43}");

    private Cookies() {}

    /** The one well-formed cookie of this name; two of them are as good as none. */
    static Optional<String> read(ServerRequest request, String name) {
        List<String> values = request.headers().cookies().all(name, List::of);
        return values.size() == 1 && TOKEN.matcher(values.getFirst()).matches()
                ? Optional.of(values.getFirst())
                : Optional.empty();
    }

    static void set(ServerResponse response, String name, String value, Duration life) {
        response.headers().add(HeaderNames.SET_COOKIE, cookie(name, value, life));
    }

    static void clear(ServerResponse response, String name) {
        response.headers().add(HeaderNames.SET_COOKIE, cookie(name, "", Duration.ZERO));
    }

    private static String cookie(String name, String value, Duration life) {
        return SetCookie.builder(name, value)
                .path("/")
                .httpOnly(true)
                .secure(true)
                .sameSite(SetCookie.SameSite.LAX)
                .maxAge(life)
                .build()
                .toString();
    }
}
