package io.vitals.loadtest.load;

import io.vitals.loadtest.gatling.GatlingProcess;
import io.vitals.loadtest.gatling.Phase;
import io.vitals.loadtest.gatling.Plan;
import io.vitals.loadtest.gatling.Plan.BrowserLogin;
import io.vitals.loadtest.gatling.Statistics;
import io.vitals.loadtest.profile.DayShape;
import io.vitals.loadtest.profile.Profile;
import io.vitals.loadtest.profile.Request;
import io.vitals.loadtest.profile.Scenario;
import io.vitals.loadtest.profile.Thresholds;
import io.vitals.loadtest.verdict.Table;
import io.vitals.loadtest.verdict.Verdict;
import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One profile against a stack that runs. */
final class LoadRun {
    private final LoadStack running;
    private final Profile profile;
    private final Thresholds thresholds;
    private final DayShape day;
    private final Path results;
    private final PrintStream out;
    private final Consumer<String> progress;

    LoadRun(
            LoadStack running,
            Profile profile,
            Thresholds thresholds,
            DayShape day,
            Path results,
            PrintStream out,
            Consumer<String> progress) {
        this.running = running;
        this.profile = profile;
        this.thresholds = thresholds;
        this.day = day;
        this.results = results;
        this.out = out;
        this.progress = progress;
    }

    /** Whether everything was kept. */
    boolean run(List<Scenario> scenarios) throws Exception {
        progress.accept("Making " + profile.users() + " members with data; " + profile.connected()
                + " of them connect WHOOP and get their history");
        Plan plan = plan(scenarios);
        if (profile.steps().isPresent()) {
            boolean held = true;
            for (Scenario scenario : scenarios) {
                held &= capacity(plan, scenario, profile.steps().get());
            }
            return held;
        }
        List<Verdict> verdicts = send(
                plan,
                scenarios.stream()
                        .map(scenario -> phase(scenario, profile.rate()))
                        .toList(),
                results);
        Table.print(verdicts, out);
        return verdicts.stream().allMatch(Verdict::kept);
    }

    private Plan plan(List<Scenario> scenarios) throws Exception {
        Stack stack = running.stack();
        Ports ports = stack.ports();
        Members members = new Members(stack, profile);
        // First: what their consent sets going is over when the others' history is there.
        List<BrowserLogin> browsers = List.of();
        if (scenarios.stream().anyMatch(scenario -> scenario.requests().contains(Request.CONNECT))) {
            browsers = members.browsers();
        }
        return new Plan(
                stack.pageUrl(),
                Place.LOOPBACK.forPrograms(ports.healthPublic()),
                Place.LOOPBACK.forPrograms(ports.whoopPublic()),
                Place.LOOPBACK.forPrograms(ports.control()),
                running.directory().resolve("secrets").resolve("whoop-client-secret"),
                members.programs(),
                profile.connected(),
                browsers,
                members.occasions(),
                day,
                List.of());
    }

    private Phase phase(Scenario scenario, double rate) {
        return new Phase(
                scenario, rate, profile.warmUp().toSeconds(), profile.duration().toSeconds());
    }

    /** Up step by step until one is not held; whether any was. */
    private boolean capacity(Plan plan, Scenario scenario, Profile.Steps steps) throws Exception {
        double held = steps.lastHeld(profile.rate(), rate -> holds(plan, scenario, rate));
        out.println(
                held == 0
                        ? "%s: not even %.0f requests/s were held".formatted(scenario.named(), profile.rate())
                        : "%s: %.0f requests/s were held%s"
                                .formatted(
                                        scenario.named(),
                                        held,
                                        held + steps.add() > steps.most() ? ", the most that is tried" : ""));
        return held > 0;
    }

    private boolean holds(Plan plan, Scenario scenario, double rate) throws IOException, InterruptedException {
        Path folder = results.resolve(scenario.named() + "-%.0f".formatted(rate));
        List<Verdict> verdicts = send(plan, List.of(phase(scenario, rate)), folder).stream()
                .map(verdict -> Verdict.of(verdict.measured(), thresholds.capacity()))
                .toList();
        out.println("%s at %.0f requests/s".formatted(scenario.named(), rate));
        Table.print(verdicts, out);
        return verdicts.stream().allMatch(Verdict::kept);
    }

    private List<Verdict> send(Plan plan, List<Phase> phases, Path folder) throws IOException, InterruptedException {
        progress.accept("Sending " + phases.stream().map(LoadRun::told).toList() + "; about "
                + phases.stream()
                        .mapToLong(phase -> phase.warmUpSeconds() + phase.seconds())
                        .sum() + " s");
        Path report = new GatlingProcess(running.directory()).run(plan.with(phases), folder);
        progress.accept("Report: " + report.resolve("index.html"));
        List<Verdict> verdicts = new ArrayList<>();
        Statistics.of(phases, report)
                .forEach(measured -> verdicts.add(Verdict.of(measured, thresholds.of(measured.request()))));
        return verdicts;
    }

    private static String told(Phase phase) {
        return phase.scenario().named() + " at " + "%.0f".formatted(phase.rate()) + "/s";
    }
}
