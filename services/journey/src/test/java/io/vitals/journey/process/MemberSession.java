package io.vitals.journey.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.config.DataSize;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;
import io.vitals.probe.browser.FormFields;
import io.vitals.probe.browser.Origin;
import io.vitals.sandbox.launcher.Stack;

import java.net.URI;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A signed-in member, in the browser of the probe. */
public final class MemberSession {
    private static final String MINE = "/api/v1/users/me";
    private static final String LINK = MINE + "/links/whoop";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Stack stack;
    private final Browser browser = new Browser(Duration.ofSeconds(15), DataSize.parse("16MiB"));

    private MemberSession(Stack stack) {
        this.stack = stack;
    }

    /** Tries again like a person: on a busy machine the issuer may take longer than health-api waits for it. */
    public static MemberSession signIn(Stack stack, String account) {
        return await("signed in as " + account)
                .atMost(PATIENCE)
                .ignoreExceptionsMatching(e -> e instanceof BrowserException)
                .until(() -> signInOnce(stack, account), session -> session != null);
    }

    private static MemberSession signInOnce(Stack stack, String account) {
        var session = new MemberSession(stack);
        URI login = session.get("/auth/login?to=/").location();
        Answer page = session.browser.open(login).expect(200);
        session.follow(session.browser
                .submit(page, FormFields.parse("account=" + account), Origin.of(login))
                .location());
        return session;
    }

    /** Starts to connect and gives the address at WHOOP to which the browser would go. */
    public URI startLink() {
        return URI.create(
                answered(201, call("POST", LINK, "")).path("authorization_url").asText());
    }

    /** Consents and connects a simulated WHOOP member. */
    public void connect(int whoopMember) {
        consent();
        follow(stack.simulators().whoop().approve(startLink(), whoopMember));
    }

    public void consent() {
        answered(200, call("PUT", MINE + "/consents", "{\"health_data\":true}"));
    }

    public void disconnect() {
        call("DELETE", LINK, "");
    }

    public JsonNode link() {
        return get(LINK).json();
    }

    public boolean isCurrent() {
        return "current".equals(link().path("sync").path("state").asText());
    }

    /** The address within Vitals to which a callback leads. */
    public String follow(URI callback) {
        return browser.open(callback).location().toString();
    }

    public Answer get(String path) {
        return browser.open(stack.pageUrl().resolve(path));
    }

    private static JsonNode answered(int status, Answer answer) {
        assertThat(answer.status()).as("%s: %s", answer.uri(), answer.text()).isEqualTo(status);
        return answer.json();
    }

    /** A call of the page's script; without a body if the JSON is empty. */
    public Answer call(String method, String path, String json) {
        return browser.call(method, stack.pageUrl().resolve(path), json);
    }
}
