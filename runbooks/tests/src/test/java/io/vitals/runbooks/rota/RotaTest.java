package io.vitals.runbooks.rota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.runbooks.data.Fields;
import io.vitals.runbooks.rota.Escalation.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Somebody is always on call, and the policy is the one that rules and receivers follow. */
class RotaTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final String FIRST = """
              - from: 2026-11-30T09:00
                manager: manager-a
                primary: engineer-a
                secondary: engineer-b
                until: 2026-12-07T09:00
            """;
    private static final String SECOND = """
              - from: 2026-12-07T09:00
                manager: manager-a
                primary: engineer-b
                secondary: engineer-c
                until: 2026-12-14T09:00
            """;
    private static final String ROTA = "from: 2026-11-30T09:00\nlongestDays: 7\nshifts:\n" + FIRST + SECOND
            + "timeZone: Europe/Berlin\nuntil: 2026-12-14T09:00\n";

    private static String read(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }

    private static List<String> findings(String rota) {
        var findings = new ArrayList<String>();
        RotaReader.read(rota, findings);
        return findings;
    }

    @Test
    void theRotaHasNoGapAndNoOverlap() throws IOException {
        assertThat(findings(read("runbooks/on-call/rota.yaml"))).isEmpty();
        assertThat(findings(ROTA)).isEmpty();
    }

    @Test
    void theShiftOfATime() {
        Rota rota = RotaReader.read(ROTA, new ArrayList<>());
        // In winter Berlin is an hour ahead: the hand-over is at eight in UTC.
        assertThat(rota.at(Instant.parse("2026-12-07T07:59:59Z")).orElseThrow().places())
                .containsEntry("primary", "engineer-a");
        assertThat(rota.at(Instant.parse("2026-12-07T08:00:00Z")).orElseThrow().places())
                .containsEntry("primary", "engineer-b");
        assertThat(rota.at(Instant.parse("2026-12-14T08:00:00Z"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from: 2026-12-07T09:00 | from: 2026-12-07T10:00 | shifts[1].from: nobody is on call from 2026-12-07T09:00 to 2026-12-07T10:00",
                "from: 2026-12-07T09:00 | from: 2026-12-04T09:00 | shifts[1].from: two shifts overlap from 2026-12-04T09:00 to 2026-12-07T09:00",
                "'until: 2026-12-14T09:00\ntimeZone' | 'until: 2026-12-21T09:00\ntimeZone' | shifts[1].until: the shift is longer than 7 days",
                "'from: 2026-11-30T09:00\nlongest' | 'from: 2026-11-23T09:00\nlongest' | from: the first shift begins at 2026-11-30T09:00",
                "'Europe/Berlin\nuntil: 2026-12-14T09:00' | 'Europe/Berlin\nuntil: 2026-12-21T09:00' | until: the last shift ends at 2026-12-14T09:00",
                "primary: engineer-b | primary: engineer-a | shifts[1].primary: engineer-a is first twice in a row",
                "secondary: engineer-c | secondary: engineer-b | 'shifts[1].secondary: one is in two places: [engineer-b, engineer-b, manager-a]'",
                "secondary: engineer-c | secondary: Somebody | 'shifts[1].secondary: \"Somebody\": takes a place such as engineer-a, and never a name'",
                "'    secondary: engineer-c\n' | '' | shifts[1].secondary: is missing",
                "'until: 2026-12-07T09:00' | 'until: 2026-12-05T09:00' | shifts[1].from: nobody is on call from 2026-12-05T09:00 to 2026-12-07T09:00",
                "from: 2026-12-07T09:00 | from: 2026-12-07T03:00 | shifts[1].from: is handed over when nobody is at work",
                "from: 2026-12-07T09:00 | from: Monday | 'shifts[1].from: \"Monday\": takes a time such as 2026-11-30T09:00'",
                "Europe/Berlin | Berlin | timeZone: takes a zone such as Europe/Berlin",
                "longestDays: 7 | days: 7 | 'days: no such field; there are: from, longestDays, shifts, timeZone, until'",
            })
    void aRotaIsRefused(String from, String to, String finding) {
        assertThat(ROTA.split(Pattern.quote(from), -1)).hasSize(2);
        assertThat(findings(ROTA.replace(from, to))).contains("rota.yaml: " + finding);
    }

    @Test
    void thePolicyIsWhatRulesAndReceiversDo() throws IOException {
        String policy = read("runbooks/on-call/escalation.yaml");
        assertThat(disagreements(policy)).isEmpty();
        assertThat(disagreements(policy.replace("after: 15m", "after: 20m")))
                .containsExactly("secondary: IncidentUnacknowledged waits for 15m, and the policy says 20m");
        assertThat(disagreements(policy.replace("repeat: 30m", "repeat: 60m")))
                .containsExactly("primary: pager repeats after 30m, and the policy says 60m");
        assertThat(disagreements(policy.replace("receiver: pager-manager", "receiver: pager-secondary")))
                .containsExactly("manager: pager-secondary tells secondary");
        assertThat(disagreements(policy.replace("alert: IncidentStillUnacknowledged", "alert: IncidentUnacknowledged")))
                .contains("manager: IncidentUnacknowledged escalates to secondary");
        assertThat(disagreements(policy.replace("alert: IncidentStillUnacknowledged", "alert: NobodyAnswers")))
                .contains("manager: there is no alert NobodyAnswers");
        assertThat(disagreements(policy.replace("after: 45m", "after: 10m")))
                .contains("escalation.yaml: levels[2].after: is not later than the level before");
        assertThat(disagreements(policy.replace("role: manager", "role: director")))
                .contains("escalation.yaml: levels[2].role: \"director\": there are primary, secondary, manager");
    }

    /** Who can answer at on-call is who is asked. */
    @Test
    void theRolesAreThoseOfOnCall() throws IOException {
        String roles = read("services/on-call/src/main/java/io/vitals/oncall/Role.java");
        assertThat(Pattern.compile("@JsonProperty\\(\"(\\w+)\"\\)")
                        .matcher(roles)
                        .results()
                        .map(role -> role.group(1)))
                .containsExactlyElementsOf(RotaReader.ROLES);
    }

    @Test
    void theBudgetIsTheOneOfTheAlert() throws IOException {
        var findings = new ArrayList<String>();
        Fields budget = Fields.parse("budget.yaml", read("runbooks/on-call/budget.yaml"), findings)
                .known("alertAWeek", "nightsAShift", "pagesAShift");
        assertThat(List.of(budget.number("nightsAShift"), budget.number("pagesAShift")))
                .allMatch(pages -> pages > 0);
        assertThat(findings).isEmpty();
        String rules = read("monitoring/rules/fatigue.yaml");
        assertThat(bearable(rules)).isEqualTo(budget.number("alertAWeek"));
        assertThat(bearable(rules.replace(") > 2\n", ") > 4\n"))).isNotEqualTo(budget.number("alertAWeek"));
    }

    /** The changes in a week above which PagesTooOften fires; the first time is none of them. */
    private static double bearable(String rules) {
        MatchResult rule = Pattern.compile("(?s)alert: PagesTooOften.*?\\[1w].*?> (\\d+)\\n")
                .matcher(rules)
                .results()
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(rule.group(1)) + 1;
    }

    private static List<String> disagreements(String policy) throws IOException {
        var findings = new ArrayList<String>();
        Escalation escalation = Escalation.read(policy, findings);
        var yaml = new YAMLMapper();
        JsonNode alertmanager = yaml.readTree(read("monitoring/alertmanager/alertmanager.yaml"));
        Map<String, JsonNode> alerts = new HashMap<>();
        yaml.readTree(read("monitoring/rules/on-call.yaml"))
                .at("/spec/groups/0/rules")
                .forEach(rule -> alerts.put(rule.path("alert").asText(), rule));
        for (Level level : escalation.levels()) {
            told(alertmanager, level).ifPresent(findings::add);
            repeats(alertmanager, level).ifPresent(findings::add);
            if (level.alert().isPresent()) {
                asks(alerts, level, level.alert().get()).forEach(findings::add);
            }
        }
        return findings;
    }

    private static Optional<String> told(JsonNode alertmanager, Level level) {
        String to = alertmanager
                .path("receivers")
                .valueStream()
                .filter(receiver -> receiver.path("name").asText().equals(level.receiver()))
                .map(receiver -> receiver.at("/webhook_configs/0/payload/to").asText())
                .findFirst()
                .orElse("nobody");
        return Optional.of(level.role() + ": " + level.receiver() + " tells " + to)
                .filter(_ -> !to.equals(level.role()));
    }

    private static Optional<String> repeats(JsonNode alertmanager, Level level) {
        String every = all(alertmanager.path("route"))
                .filter(route -> route.path("receiver").asText().equals(level.receiver()))
                .map(route -> route.path("repeat_interval").asText())
                .findFirst()
                .orElse("never");
        return Optional.of(level.role() + ": " + level.receiver() + " repeats after " + every + ", and the policy says "
                        + level.repeat().toMinutes() + "m")
                .filter(_ -> !every.equals(level.repeat().toMinutes() + "m"));
    }

    private static Stream<JsonNode> all(JsonNode route) {
        return Stream.concat(
                Stream.of(route), route.path("routes").valueStream().flatMap(RotaTest::all));
    }

    private static List<String> asks(Map<String, JsonNode> alerts, Level level, String name) {
        JsonNode rule = alerts.get(name);
        if (rule == null) {
            return List.of(level.role() + ": there is no alert " + name);
        }
        var found = new ArrayList<String>();
        String to = rule.at("/labels/escalation").asText();
        if (!to.equals(level.role())) {
            found.add(level.role() + ": " + name + " escalates to " + to);
        }
        String after = rule.path("for").asText();
        if (!after.equals(level.after().toMinutes() + "m")) {
            found.add(level.role() + ": " + name + " waits for " + after + ", and the policy says "
                    + level.after().toMinutes() + "m");
        }
        return found;
    }
}
