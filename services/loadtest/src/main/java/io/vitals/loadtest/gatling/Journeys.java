package io.vitals.loadtest.gatling;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import io.vitals.loadtest.profile.Request;
import io.vitals.loadtest.traffic.Occasion;
import io.vitals.loadtest.traffic.SignedWebhooks;

import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

/**
 * What each kind of request looks like. Who asks goes round among the members, so that none of them gets near a limit that holds for one
 * member alone.
 */
final class Journeys {
    private static final String MINE = "/api/v1/users/me";
    private static final String LINK = MINE + "/links/whoop";
    private static final String CALLBACK = "/api/v1/links/whoop/callback";
    /** A refresh of a day that ended just now is answered from, so the next one is of another day. */
    private static final int REFRESHED_DAYS = 28;

    private static final String LOGIN = "login";
    private static final String REQUEST = "request";

    private final Plan plan;
    private final SignedWebhooks webhooks;
    private final AtomicLong programs = new AtomicLong();
    private final AtomicLong refreshes = new AtomicLong();
    private final AtomicLong browsers = new AtomicLong();
    private final AtomicLong occasions = new AtomicLong();

    Journeys(Plan plan) throws IOException {
        this.plan = plan;
        this.webhooks = new SignedWebhooks(plan.clientSecret());
    }

    /** One request, or all those of a member who connects; {@code name} is how reports call each. */
    ChainBuilder of(Request request, Function<Request, String> name) {
        return switch (request) {
            case READ_DAYS -> days(name.apply(request));
            case OVERVIEW -> overview(name.apply(request));
            case REFRESH, FALLBACK -> refresh(request, name.apply(request));
            case CONNECT, CONNECTION_STATUS ->
                connect(name.apply(Request.CONNECT), name.apply(Request.CONNECTION_STATUS));
            case WEBHOOK -> webhook(name.apply(request));
        };
    }

    /** The one that the session holds as {@link #REQUEST}; the status of a connection comes with connecting. */
    ChainBuilder any(List<Request> requests, Function<Request, String> name) {
        return exec(doSwitch("#{" + REQUEST + "}")
                .on(requests.stream()
                        .filter(request -> request != Request.CONNECTION_STATUS)
                        .map(request -> onCase(request.named()).then(of(request, name)))
                        .toList()));
    }

    static Map<String, Object> asks(Request request) {
        return Map.of(REQUEST, request.named());
    }

    private ChainBuilder days(String name) {
        return exec(session -> session.set(LOGIN, next(plan.programs(), programs)))
                .exec(byKey(http(name)
                                .get(session -> MINE + "/days?from="
                                        + lastDay(session).minusDays(6) + "&to=" + lastDay(session)))
                        .check(status().is(200), jsonPath("$.days[0].date").exists()));
    }

    private ChainBuilder overview(String name) {
        return exec(session -> session.set(LOGIN, next(plan.programs(), programs)))
                .exec(byKey(http(name).get(session -> MINE + "/overview?period=" + lastDay(session)))
                        .check(status().is(200), jsonPath("$.data_sources").exists()));
    }

    private ChainBuilder refresh(Request request, String name) {
        String whole = request == Request.REFRESH ? "false" : "true";
        return exec(session -> {
                    long number = refreshes.getAndIncrement();
                    Plan.ProgramLogin login = plan.programs().get((int) (number % plan.connected()));
                    long back = number / plan.connected() % REFRESHED_DAYS;
                    return session.set(LOGIN, login)
                            .set(
                                    "date",
                                    LocalDate.parse(login.lastDay())
                                            .minusDays(back)
                                            .toString());
                })
                .exec(byKey(http(name).post(MINE + "/refresh?date=#{date}"))
                        .check(status().is(200), jsonPath("$.partial").is(whole)));
    }

    private ChainBuilder webhook(String name) {
        return exec(session -> {
                    Occasion occasion = next(plan.occasions(), occasions);
                    SignedWebhooks.Delivery delivery = webhooks.sign(occasion);
                    return session.set("body", delivery.body())
                            .set("timestamp", delivery.timestamp())
                            .set("signature", delivery.signature());
                })
                .exec(http(name)
                        .post(plan.whoop().resolve(SignedWebhooks.PATH).toString())
                        .header("Content-Type", "application/json")
                        .header(SignedWebhooks.TIMESTAMP, "#{timestamp}")
                        .header(SignedWebhooks.SIGNATURE, "#{signature}")
                        .body(StringBody("#{body}"))
                        .check(status().is(204)));
    }

    /** The member's way to WHOOP and back. What WHOOP takes for its part is not counted. */
    private ChainBuilder connect(String name, String statusName) {
        return exec(session -> session.set(LOGIN, next(plan.browsers(), browsers))
                        // Where the way ends when WHOOP does not send the browser back: the return fails, and is
                        // counted.
                        .set("back", CALLBACK))
                .exec(bySession(http(name).post(LINK))
                        .check(status().is(201), jsonPath("$.authorization_url").saveAs("authorize")))
                .exitHereIfFailed()
                .exec(session -> session.set(
                        "authorize",
                        Loopback.require(URI.create(text(session, "authorize"))).toString()))
                .exec(http("WHOOP asks")
                        .get("#{authorize}")
                        .silent()
                        .check(
                                status().is(200),
                                regex("name=\"request\" value=\"([^\"]+)\"").saveAs("asked")))
                .exec(http("WHOOP is told")
                        .post(session -> URI.create(text(session, "authorize"))
                                .resolve("/oauth/oauth2/auth/decision")
                                .toString())
                        .silent()
                        .formParam("request", "#{asked}")
                        .formParam("member", session -> browser(session).whoopMember())
                        .formParam("decision", "allow")
                        .check(status().is(303), header("Location").saveAs("location")))
                .exec(session ->
                        session.contains("location") ? session.set("back", here(text(session, "location"))) : session)
                .exec(bySession(http(name).get("#{back}"))
                        .check(status().is(303), header("Location").is("/?link=connected")))
                .exec(bySession(http(statusName).get(LINK))
                        .check(status().is(200), jsonPath("$.state").in("active", "refreshing")))
                .exec(bySession(http(name).delete(LINK)).check(status().is(200)));
    }

    /** The path of an address on loopback. */
    private static String here(String location) {
        URI address = Loopback.require(URI.create(location));
        return address.getRawPath() + "?" + address.getRawQuery();
    }

    private static HttpRequestActionBuilder byKey(HttpRequestActionBuilder request) {
        return request.header(
                        "Authorization", session -> "Bearer " + program(session).key())
                .header("X-Forwarded-For", session -> program(session).address());
    }

    private HttpRequestActionBuilder bySession(HttpRequestActionBuilder request) {
        return request.header("Cookie", session -> browser(session).cookie())
                .header("Origin", plan.page().toString())
                .header("X-Forwarded-For", session -> browser(session).address());
    }

    private static String text(Session session, String key) {
        return Objects.requireNonNull(session.getString(key), key);
    }

    private static Plan.ProgramLogin program(Session session) {
        return Objects.requireNonNull(session.<Plan.ProgramLogin>get(LOGIN));
    }

    private static Plan.BrowserLogin browser(Session session) {
        return Objects.requireNonNull(session.<Plan.BrowserLogin>get(LOGIN));
    }

    private static LocalDate lastDay(Session session) {
        return LocalDate.parse(program(session).lastDay());
    }

    private static <T> T next(List<T> all, AtomicLong turn) {
        return all.get((int) (turn.getAndIncrement() % all.size()));
    }
}
