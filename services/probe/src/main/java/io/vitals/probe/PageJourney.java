package io.vitals.probe;

import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody opens the page, sees all of it, and is led to the issuer. */
record PageJourney(Target target) implements Journey {
    /** A static import of a module, as our own scripts write it. */
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^(?:import|export)\\b[^'\";]*['\"](\\.{1,2}/[^'\"]+)['\"]");

    private static final int MOST_ASSETS = 200;

    @Override
    public String name() {
        return "page";
    }

    @Override
    public List<String> steps() {
        return List.of("page", "assets", "sign-in-start");
    }

    @Override
    public void walk(Walk walk, Browser browser) {
        List<URI> assets = walk.step("page", () -> {
            List<URI> needed = browser.open(target.at("/")).expect(200).assets();
            Target.require(!needed.isEmpty());
            return needed;
        });
        walk.act("assets", () -> load(browser, assets));
        walk.step("sign-in-start", () -> SignIn.start(target, browser));
    }

    /** One after the other; scripts bring along what they import. */
    private void load(Browser browser, List<URI> assets) {
        Deque<URI> open = new ArrayDeque<>(assets);
        Set<URI> seen = new LinkedHashSet<>(assets);
        while (!open.isEmpty()) {
            URI asset = open.remove();
            Target.requireAt(asset, target.origin());
            Answer answer = browser.open(asset).expect(200);
            Target.require(answer.body().length > 0);
            if (answer.header("Content-Type").orElse("").contains("javascript")) {
                Matcher imports = IMPORT.matcher(answer.text());
                while (imports.find()) {
                    URI imported = asset.resolve(imports.group(1));
                    if (seen.add(imported)) {
                        open.add(imported);
                    }
                }
            }
            if (seen.size() > MOST_ASSETS) {
                throw new BrowserException(BrowserException.Kind.TOO_LARGE);
            }
        }
    }
}
