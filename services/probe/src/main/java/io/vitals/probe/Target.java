package io.vitals.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;
import io.vitals.probe.browser.BrowserException.Kind;
import io.vitals.probe.browser.Origin;

import java.net.URI;

/**
 * The Vitals that is looked at.
 *
 * @param url where browsers find it
 * @param issuer where people sign in
 */
record Target(URI url, Origin issuer) {
    static final String MINE = "/api/v1/users/me";

    Origin origin() {
        return Origin.of(url);
    }

    URI at(String path) {
        return url.resolve(path);
    }

    /** A page's call about the member who is signed in. */
    Answer mine(Browser browser, String method, String path, String json) {
        return browser.call(method, at(MINE + path), json);
    }

    JsonNode read(Browser browser, String path) {
        return browser.open(at(path)).expect(200).json();
    }

    /** Refuses an answer that does not say what it should. */
    static void require(boolean said) {
        if (!said) {
            throw new BrowserException(Kind.CONTENT);
        }
    }

    /** Refuses to be led elsewhere. */
    static void requireAt(URI uri, Origin origin) {
        if (!Browser.originOf(uri).equals(origin)) {
            throw new BrowserException(Kind.REDIRECT);
        }
    }
}
