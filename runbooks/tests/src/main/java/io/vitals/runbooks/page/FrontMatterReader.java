package io.vitals.runbooks.page;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads what stands between the two lines of hyphens. */
final class FrontMatterReader {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    static final Set<String> KEYS = Set.of(
            "alert",
            "severity",
            "team",
            "service",
            "component",
            "slo",
            "dashboard",
            "drill",
            "needs",
            "related",
            "owner_review");
    static final Set<String> PROCEDURE_KEYS =
            Set.of("procedure", "team", "service", "takes", "people", "drill", "needs", "related", "owner_review");
    private static final Set<String> DRILL = Set.of("level", "every", "deadline_fire", "deadline_resolve");
    /** Nothing fires. */
    private static final Set<String> PROCEDURE_DRILL = Set.of("level", "every");
    /** The values of an alert's labels, as docs/monitoring.md has them. */
    private static final List<String> SEVERITIES = List.of("critical", "warning", "info");

    private static final List<String> TEAMS = List.of("wellness", "platform", "security");
    private static final List<String> SERVICES =
            List.of("health-api", "whoop-service", "postgres", "platform", "observability");
    private static final List<String> COMPONENTS =
            List.of("http", "jvm", "oauth", "webhook", "sync", "db", "pool", "rollout", "network", "capacity", "meta");
    private static final Pattern ALERT = Pattern.compile("[A-Z][A-Za-z0-9]+");
    private static final Pattern SLUG = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern PAGE = Pattern.compile(ALERT.pattern() + "|" + SLUG.pattern());
    private static final int CROWD = 9;
    private static final Duration FIRES = Duration.ofMinutes(10);
    private static final Duration RESOLVES = Duration.ofMinutes(10);

    private final Faults faults;
    private JsonNode matter = YAML.createObjectNode();

    private FrontMatterReader(Faults faults) {
        this.faults = faults;
    }

    static @Nullable FrontMatter read(String page, String text, Faults faults) {
        return new FrontMatterReader(faults).read(page, text);
    }

    private @Nullable FrontMatter read(String page, String text) {
        try {
            matter = YAML.readTree(text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr() + 1;
            faults.line(
                    line,
                    "the front matter is no YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
            return null;
        }
        if (!matter.isObject()) {
            faults.line(1, "the front matter has no keys");
            return null;
        }
        return matter.has("procedure") ? procedure(page) : alert(page);
    }

    private AlertMatter alert(String page) {
        unknown("", matter, KEYS);
        String alert = named("alert", page, ALERT, "CamelCase");
        return new AlertMatter(
                alert,
                one("severity", SEVERITIES),
                one("team", TEAMS),
                services(),
                one("component", COMPONENTS),
                list("slo", false, SLUG),
                Optional.of(matter.path("dashboard").asText()).filter(name -> !name.isEmpty()),
                drill(DRILL),
                needs(),
                list("related", true, PAGE),
                date("owner_review"));
    }

    private ProcedureMatter procedure(String page) {
        unknown("", matter, PROCEDURE_KEYS);
        return new ProcedureMatter(
                named("procedure", page, SLUG, "small letters, digits and hyphens"),
                one("team", TEAMS),
                services(),
                takes(),
                people(),
                drill(PROCEDURE_DRILL),
                needs(),
                list("related", true, PAGE),
                date("owner_review"));
    }

    private String named(String key, String page, Pattern form, String called) {
        String name = text(key);
        if (!name.isEmpty() && !name.equals(page)) {
            faults.key(key, "is " + name + ", and the page is called " + page);
        }
        if (!form.matcher(page).matches()) {
            faults.key(key, "is not " + called + ": " + page);
        }
        return name;
    }

    private Duration takes() {
        String text = text("takes");
        Optional<Duration> time = Durations.parse(text);
        if (matter.has("takes") && time.isEmpty()) {
            faults.key("takes", "\"" + text + "\": takes a time such as 20m");
        }
        return time.orElse(Duration.ZERO);
    }

    private int people() {
        JsonNode people = matter.path("people");
        if (!people.isInt() || people.asInt() < 1 || people.asInt() > CROWD) {
            faults.key("people", "takes a number from 1 to " + CROWD);
        }
        return people.asInt();
    }

    private void unknown(String of, JsonNode object, Set<String> known) {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                faults.key(of + key, "no such key; there are: " + String.join(", ", new TreeSet<>(known)));
            }
        });
    }

    private String text(String key) {
        JsonNode value = matter.path(key);
        if (value.isMissingNode()) {
            faults.key(key, "is missing");
        } else if (!value.isTextual() || value.asText().isBlank()) {
            faults.key(key, "takes a word");
        }
        return value.asText("");
    }

    private String one(String key, List<String> known) {
        String word = text(key);
        if (matter.has(key) && !known.contains(word)) {
            faults.key(key, "\"" + word + "\": there are " + String.join(", ", known));
        }
        return word;
    }

    private List<String> services() {
        List<String> services = List.of(text("service").split(" or ", -1));
        for (String service : services) {
            if (matter.has("service") && !SERVICES.contains(service)) {
                faults.key("service", "\"" + service + "\": there are " + String.join(", ", SERVICES));
            }
        }
        return services;
    }

    private List<String> list(String key, boolean required, Pattern pattern) {
        JsonNode value = matter.path(key);
        var words = new ArrayList<String>();
        if (value.isMissingNode()) {
            if (required) {
                faults.key(key, "is missing; [] says that there are none");
            }
        } else if (!value.isArray()) {
            faults.key(key, "takes a list such as [a, b]");
        }
        for (JsonNode word : value) {
            if (!pattern.matcher(word.asText()).matches()) {
                faults.key(key, "\"" + word.asText() + "\" is no name");
            } else if (words.contains(word.asText())) {
                faults.key(key, "has " + word.asText() + " twice");
            } else {
                words.add(word.asText());
            }
        }
        return words;
    }

    private Set<Capability> needs() {
        Set<Capability> needs = EnumSet.noneOf(Capability.class);
        for (String word : list("needs", true, SLUG)) {
            Words.find(Capability.class, word)
                    .ifPresentOrElse(
                            needs::add,
                            () -> faults.key("needs", "\"" + word + "\": there are " + Words.all(Capability.class)));
        }
        return needs;
    }

    private FrontMatter.Exercise drill(Set<String> keys) {
        JsonNode drill = matter.path("drill");
        if (!drill.isObject()) {
            faults.key("drill", "takes {level: local, every: 90d}");
            return new FrontMatter.Exercise(FrontMatter.Level.TABLETOP, Duration.ZERO, FIRES, RESOLVES);
        }
        unknown("drill.", drill, keys);
        String level = drill.path("level").asText();
        Optional<FrontMatter.Level> known = Words.find(FrontMatter.Level.class, level);
        if (known.isEmpty()) {
            faults.key("drill.level", "\"" + level + "\": there are " + Words.all(FrontMatter.Level.class));
        }
        if (!drill.has("every")) {
            faults.key("drill.every", "is missing");
        }
        return new FrontMatter.Exercise(
                known.orElse(FrontMatter.Level.TABLETOP),
                time(drill, "every", Duration.ZERO),
                time(drill, "deadline_fire", FIRES),
                time(drill, "deadline_resolve", RESOLVES));
    }

    private Duration time(JsonNode drill, String key, Duration otherwise) {
        if (!drill.has(key)) {
            return otherwise;
        }
        Optional<Duration> time = Durations.parse(drill.path(key).asText());
        if (time.isEmpty()) {
            faults.key("drill." + key, "\"" + drill.path(key).asText() + "\": takes a time such as 240s or 90d");
        }
        return time.orElse(otherwise);
    }

    private LocalDate date(String key) {
        String text = text(key);
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            if (matter.has(key)) {
                faults.key(key, "\"" + text + "\": takes a day such as 2026-11-28");
            }
            return LocalDate.EPOCH;
        }
    }
}
