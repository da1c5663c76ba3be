package io.vitals.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.FormFields;

import java.net.URI;
import java.util.Set;

/** The code flow as a browser goes through it: to the issuer, through its form, and back. */
final class SignIn {
    private static final Set<String> ASKED = Set.of("response_type=code", "code_challenge_method=S256");

    private final Target target;
    private final FormFields account;

    SignIn(Target target, FormFields account) {
        this.target = target;
        this.account = account;
    }

    /** Where Vitals sends a browser that wants to sign in. */
    static URI start(Target target, Browser browser) {
        URI issuer = browser.open(target.at("/auth/login?to=/")).location();
        Target.requireAt(issuer, target.issuer());
        Target.require(issuer.getRawQuery() != null
                && Set.of(issuer.getRawQuery().split("&", -1)).containsAll(ASKED));
        return issuer;
    }

    URI start(Browser browser) {
        return start(target, browser);
    }

    /** The issuer's page, which may be some redirects away. */
    Answer ask(Browser browser, URI issuer) {
        return browser.follow(browser.open(issuer)).expect(200);
    }

    /** Fills in the page; right credentials lead back. */
    URI give(Browser browser, Answer page) {
        return browser.submit(page, account, target.issuer()).location();
    }

    /** Goes back to Vitals, and ends on its page. */
    void back(Browser browser, URI callback) {
        Answer page = browser.follow(browser.open(callback)).expect(200);
        Target.requireAt(page.uri(), target.origin());
        // A sign-in that failed ends on the page, too, with a word about it.
        Target.require(page.uri().getRawQuery() == null);
    }

    JsonNode me(Browser browser) {
        JsonNode me = target.read(browser, "/api/v1/me");
        Target.require(me.path("member").isTextual());
        return me;
    }

    /** All of it as one step of a journey that is about something else; signs out at its end. */
    JsonNode asStep(Walk walk, Browser browser) {
        JsonNode me = walk.step("sign-in", () -> {
            back(browser, give(browser, ask(browser, start(browser))));
            return me(browser);
        });
        outLastly(walk, browser);
        return me;
    }

    void outLastly(Walk walk, Browser browser) {
        walk.lastly(
                "sign-out",
                () -> browser.call("POST", target.at("/auth/logout"), "").location());
    }
}
