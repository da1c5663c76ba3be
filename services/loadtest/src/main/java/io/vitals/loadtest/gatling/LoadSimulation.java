package io.vitals.loadtest.gatling;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.FeederBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.vitals.loadtest.profile.DayShape;
import io.vitals.loadtest.profile.Request;
import io.vitals.loadtest.profile.Scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

/** The phases of the plan that the system property {@value #PLAN} names, one after the other, each warmed up first. */
public final class LoadSimulation extends Simulation {
    static final String PLAN = "vitals.load.plan";

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Plan plan;
    private final Journeys journeys;

    /** Gatling asks for one without parameters. */
    public LoadSimulation() throws IOException {
        plan = Plan.read(Path.of(System.getProperty(PLAN)));
        journeys = new Journeys(plan);
        HttpProtocolBuilder protocol = http.baseUrl(plan.health().toString())
                .disableWarmUp()
                .disableFollowRedirect()
                .acceptHeader("application/json")
                .acceptEncodingHeader("gzip")
                // As behind a gateway: arrivals are many, connections to the services few.
                .shareConnections();
        List<PopulationBuilder> populations = new ArrayList<>();
        for (Phase phase : plan.phases()) {
            if (phase.scenario() == Scenario.FALLBACK) {
                populations.add(whoopAway());
            }
            populations.add(warmUp(phase));
            populations.add(measured(phase));
        }
        PopulationBuilder chain = populations.removeLast().protocols(protocol);
        while (!populations.isEmpty()) {
            chain = populations.removeLast().protocols(protocol).andThen(chain);
        }
        setUp(chain);
    }

    private PopulationBuilder warmUp(Phase phase) {
        Scenario scenario = phase.scenario();
        Function<Request, String> name = request -> "warm-up of " + scenario.named(request);
        ChainBuilder journey = scenario == Scenario.MIXED_DAY
                ? feed(arrivals(scenario.requests().stream()
                                        .filter(request -> request != Request.CONNECTION_STATUS)
                                        .toList())
                                .circular())
                        .exec(journeys.any(scenario.requests(), name))
                : journeys.of(scenario.requests().getFirst(), name);
        return scenario("warm-up of " + scenario.named())
                .exec(journey)
                .injectOpen(constantUsersPerSec(phase.arrivals()).during(Duration.ofSeconds(phase.warmUpSeconds())));
    }

    private PopulationBuilder measured(Phase phase) {
        Scenario scenario = phase.scenario();
        if (scenario == Scenario.MIXED_DAY) {
            return day(phase);
        }
        return scenario(scenario.named())
                .exec(journeys.of(scenario.requests().getFirst(), scenario::named))
                .injectOpen(constantUsersPerSec(phase.arrivals()).during(Duration.ofSeconds(phase.seconds())));
    }

    /** 24 hours in the time there is: each has the arrivals of its hour, and those come evenly. */
    private PopulationBuilder day(Phase phase) {
        Scenario scenario = phase.scenario();
        List<List<Request>> hours = plan.day().hours((int) Math.round(phase.arrivals() * phase.seconds()));
        // Gatling's steps are of whole seconds: a shorter one is taken for none.
        List<OpenInjectionStep> steps = DayShape.perSecond(hours, (int) phase.seconds()).stream()
                .map(count -> count == 0 ? nothingFor(SECOND) : rampUsers(count).during(SECOND))
                .toList();
        return scenario(scenario.named())
                .feed(arrivals(hours.stream().flatMap(Collection::stream).toList())
                        .queue())
                .exec(journeys.any(scenario.requests(), scenario::named))
                .injectOpen(steps);
    }

    private static FeederBuilder<Object> arrivals(List<Request> requests) {
        List<Map<String, Object>> records =
                requests.stream().map(Journeys::asks).toList();
        return listFeeder(records);
    }

    /** From now on WHOOP answers after a minute, which nobody waits for. */
    private PopulationBuilder whoopAway() {
        return scenario("WHOOP goes away")
                .exec(http("WHOOP goes away")
                        .post(plan.control().resolve("/api/whoop/fault").toString())
                        .header("Content-Type", "application/json")
                        .body(StringBody("""
                                {"kind": "slow", "endpoint": "all", "period": "86400", "delay": "60"}"""))
                        .silent()
                        .check(status().is(200)))
                .injectOpen(atOnceUsers(1));
    }
}
