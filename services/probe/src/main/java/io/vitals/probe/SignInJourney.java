package io.vitals.probe;

import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;

import java.net.URI;
import java.util.List;

/** A member signs in, is known, and signs out. */
record SignInJourney(SignIn signIn) implements Journey {
    @Override
    public String name() {
        return "sign-in";
    }

    @Override
    public List<String> steps() {
        return List.of("start", "issuer", "form", "callback", "me", "sign-out");
    }

    @Override
    public void walk(Walk walk, Browser browser) {
        URI issuer = walk.step("start", () -> signIn.start(browser));
        Answer page = walk.step("issuer", () -> signIn.ask(browser, issuer));
        URI callback = walk.step("form", () -> signIn.give(browser, page));
        walk.act("callback", () -> signIn.back(browser, callback));
        signIn.outLastly(walk, browser);
        walk.step("me", () -> signIn.me(browser));
    }
}
