package io.vitals.loadtest.traffic;

import io.vitals.kit.config.DataSize;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.FormFields;
import io.vitals.probe.browser.Origin;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.net.URI;
import java.time.Duration;

/** A signed-in member, in the browser of the probe, who connects WHOOP. */
public final class MemberSession implements AutoCloseable {
    private static final String MINE = "/api/v1/users/me";
    private static final String LINK = MINE + "/links/whoop";

    private final Stack stack;
    private final Browser browser = new Browser(Duration.ofMinutes(1), DataSize.parse("16MiB"));

    private MemberSession(Stack stack) {
        this.stack = stack;
    }

    public static MemberSession signIn(Stack stack, Account account) {
        MemberSession session = new MemberSession(stack);
        Browser browser = session.browser;
        URI login = browser.open(session.at("/auth/login?to=/")).location();
        Answer page = browser.open(login).expect(200);
        FormFields picked = FormFields.parse("account=" + account.subject());
        var _ = browser.open(browser.submit(page, picked, Origin.of(login)).location())
                .location();
        return session;
    }

    /** Consents and connects a simulated WHOOP member. */
    public void connect(int whoopMember) {
        browser.call("PUT", at(MINE + "/consents"), "{\"health_data\":true}").expect(200);
        URI authorize = URI.create(browser.call("POST", at(LINK), "")
                .expect(201)
                .json()
                .path("authorization_url")
                .asText());
        var _ = browser.open(stack.simulators().whoop().approve(authorize, whoopMember))
                .location();
    }

    /** Whether the history is there. */
    public boolean isCurrent() {
        return browser.open(at(LINK))
                .expect(200)
                .json()
                .path("sync")
                .path("state")
                .asText()
                .equals("current");
    }

    private URI at(String path) {
        return stack.pageUrl().resolve(path);
    }

    @Override
    public void close() {
        browser.close();
    }
}
