package io.vitals.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;
import io.vitals.probe.browser.FormFields;
import io.vitals.probe.browser.Origin;

import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A member connects WHOOP and disconnects it. The account's link belongs to this journey: one that a killed run left is ended first.
 *
 * @param whoop where consent is given; nothing is filled in elsewhere
 * @param consent what is filled in there
 */
record ConnectJourney(Target target, SignIn signIn, Origin whoop, FormFields consent) implements Journey {
    private static final String LINK = "/links/whoop";
    private static final Set<String> ACTIVE = Set.of("active", "refreshing");
    private static final Set<String> ENDED = Set.of("none", "revoked");

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public List<String> steps() {
        return List.of(
                "sign-in",
                "consent",
                "free",
                "start",
                "whoop",
                "approve",
                "callback",
                "active",
                "disconnect",
                "sign-out");
    }

    @Override
    public void walk(Walk walk, Browser browser) {
        JsonNode me = signIn.asStep(walk, browser);
        walk.act("consent", () -> consent(browser, me));
        walk.act("free", () -> {
            if (!ENDED.contains(state(browser))) {
                disconnect(browser);
            }
        });
        URI authorize = walk.step("start", () -> start(browser));
        Answer page =
                walk.step("whoop", () -> browser.follow(browser.open(authorize)).expect(200));
        walk.lastly("disconnect", () -> disconnect(browser));
        URI callback =
                walk.step("approve", () -> browser.submit(page, consent, whoop).location());
        walk.act("callback", () -> {
            Target.requireAt(callback, target.origin());
            URI end = browser.open(callback).location();
            if (!"link=connected".equals(end.getRawQuery())) {
                throw new BrowserException(BrowserException.Kind.CONTENT);
            }
        });
        walk.act("active", () -> Target.require(ACTIVE.contains(state(browser))));
    }

    private void consent(Browser browser, JsonNode me) {
        if (!granted(me.path("consents"))) {
            Target.require(granted(target.mine(browser, "PUT", "/consents", "{\"health_data\":true}")
                    .expect(200)
                    .json()));
        }
    }

    private static boolean granted(JsonNode consents) {
        return consents.path("health_data").path("granted").asBoolean();
    }

    private URI start(Browser browser) {
        JsonNode started = target.mine(browser, "POST", LINK, "").expect(201).json();
        try {
            URI authorize = URI.create(started.path("authorization_url").asText());
            Target.requireAt(authorize, whoop);
            return authorize;
        } catch (IllegalArgumentException _) {
            throw new BrowserException(BrowserException.Kind.CONTENT);
        }
    }

    private String state(Browser browser) {
        return target.read(browser, Target.MINE + LINK).path("state").asText();
    }

    private void disconnect(Browser browser) {
        JsonNode link = target.mine(browser, "DELETE", LINK, "").expect(200).json();
        Target.require(ENDED.contains(link.path("state").asText()));
    }
}
