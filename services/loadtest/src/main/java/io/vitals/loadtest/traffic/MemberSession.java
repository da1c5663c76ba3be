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
    private static final String SESSION = "__Host-vitals";

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final Stack stack;
    private final String address;
    private final Browser browser = new Browser(Duration.ofMinutes(1), DataSize.parse("16MiB"));
    private String cookie = "";

    private MemberSession(Stack stack, String address) {
        this.stack = stack;
        this.address = address;
    }

    /** From this machine. */
    public static MemberSession signIn(Stack stack, Account account) {
        return signIn(stack, account, "127.0.0.1");
    }

    /** From an address that counts where the service trusts this machine as its proxy. */
    public static MemberSession signIn(Stack stack, Account account, String address) {
        MemberSession session = new MemberSession(stack, address);
        try {
            session.signIn(account);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void signIn(Account account) {
        URI login = open(at("/auth/login?to=/")).location();
        Answer page = browser.open(login).expect(200);
        FormFields picked = FormFields.parse("account=" + account.subject());
        Answer back = open(browser.submit(page, picked, Origin.of(login)).location());
        var _ = back.location();
        cookie = back.headers().allValues("Set-Cookie").stream()
                .map(set -> set.split(";", 2)[0])
                .filter(pair -> pair.startsWith(SESSION + "=") && !pair.endsWith("="))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no session was begun"));
    }

    private Answer open(URI uri) {
        return browser.get(uri, FORWARDED_FOR, address);
    }

    /** The session's cookie, for another browser that goes on with it. */
    public String cookie() {
        return cookie;
    }

    public void consent() {
        browser.call("PUT", at(MINE + "/consents"), "{\"health_data\":true}").expect(200);
    }

    /** Consents and connects a simulated WHOOP member. */
    public void connect(int whoopMember) {
        consent();
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
