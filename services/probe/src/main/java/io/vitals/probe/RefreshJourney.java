package io.vitals.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;

import java.util.List;

/** A member asks for what is new, and reads the day. An answer that one source is missing from is one; that none could be asked is not. */
record RefreshJourney(Target target, SignIn signIn) implements Journey {
    @Override
    public String name() {
        return "refresh";
    }

    @Override
    public List<String> steps() {
        return List.of("sign-in", "refresh", "day", "sign-out");
    }

    @Override
    public void walk(Walk walk, Browser browser) {
        signIn.asStep(walk, browser);
        JsonNode refreshed = walk.step("refresh", () -> {
            JsonNode answer =
                    target.mine(browser, "POST", "/refresh", "").expect(200).json();
            Target.require(answer.path("date").isTextual());
            Target.require(
                    answer.path("stale").isBoolean() && !answer.path("stale").booleanValue());
            return answer;
        });
        walk.act("day", () -> {
            String date = refreshed.path("date").textValue();
            Answer day = browser.open(target.at(Target.MINE + "/days/" + date));
            if (refreshed.path("day").isNull() && day.status() == 404) {
                // Nothing is known of it yet, and that is said.
                return;
            }
            Target.require(date.equals(day.expect(200).json().path("date").textValue()));
        });
    }
}
