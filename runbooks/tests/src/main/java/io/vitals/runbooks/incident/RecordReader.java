package io.vitals.runbooks.incident;

import io.vitals.runbooks.data.Fields;
import io.vitals.runbooks.incident.IncidentRecord.Action;
import io.vitals.runbooks.incident.IncidentRecord.Impact;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a record: fields between two lines of hyphens, then sections. */
final class RecordReader {
    static final List<String> SEVS = List.of("SEV1", "SEV2", "SEV3");
    static final List<String> STATUSES = List.of("draft", "complete");
    static final List<String> DATA = List.of("none", "delayed", "lost", "exposed");
    static final List<String> TYPES = List.of("prevent", "detect", "mitigate");
    /** Places in a team, never a name. */
    static final List<String> OWNERS = List.of("wellness", "platform", "security", "manager");

    static final List<String> ANSWERERS = List.of("primary", "secondary", "manager");
    static final List<String> CHANGES = List.of("alerts", "tests", "runbooks");
    static final String[] FIELDS = {
        "incident",
        "title",
        "sev",
        "drill",
        "status",
        "page",
        "alerts",
        "started_at",
        "notified_at",
        "acknowledged_at",
        "acknowledged_by",
        "mitigated_at",
        "resolved_at",
        "reviewed",
        "impact",
        "changed",
        "unchanged",
        "actions"
    };
    private static final Pattern FRONT = Pattern.compile("(?s)---\\n(.*?)\\n---\\n(.*)");
    private static final Pattern SECTION = Pattern.compile("(?ms)^## (.+?)\\n(.*?)(?=^## |\\z)");

    private RecordReader() {}

    static IncidentRecord read(String file, String text, List<String> findings) {
        var parts = FRONT.matcher(text);
        boolean fits = parts.matches();
        if (!fits) {
            findings.add(file + ": does not begin with fields between two lines ---");
        }
        Fields fields =
                Fields.parse(file, fits ? parts.group(1) : "{}", findings).known(FIELDS);
        return new IncidentRecord(
                fields.text("incident"),
                fields.text("title"),
                fields.one("sev", SEVS),
                fields.flag("drill"),
                fields.one("status", STATUSES).equals("complete"),
                fields.text("page"),
                fields.list("alerts"),
                fields.instant("started_at"),
                fields.instant("notified_at"),
                fields.instant("acknowledged_at"),
                fields.has("acknowledged_by")
                        ? Optional.of(fields.one("acknowledged_by", ANSWERERS))
                        : Optional.empty(),
                fields.instant("mitigated_at"),
                fields.instant("resolved_at"),
                fields.date("reviewed"),
                impact(fields.object("impact")),
                changed(fields),
                fields.optional("unchanged"),
                fields.objects("actions").stream().map(RecordReader::action).toList(),
                sections(fits ? parts.group(2) : ""));
    }

    private static Impact impact(Fields fields) {
        fields.known("members", "minutes", "data", "budget");
        return new Impact(
                fields.number("members"), fields.number("minutes"), fields.one("data", DATA), fields.number("budget"));
    }

    private static Map<String, List<String>> changed(Fields fields) {
        var changed = new LinkedHashMap<String, List<String>>();
        if (fields.has("changed")) {
            Fields of = fields.object("changed").known(CHANGES.toArray(String[]::new));
            CHANGES.forEach(kind -> changed.put(kind, of.list(kind)));
        }
        return changed;
    }

    private static Action action(Fields fields) {
        fields.known("id", "what", "type", "owner", "due", "done", "test", "no_test");
        if (!fields.has("due")) {
            fields.fault("due", "is missing");
        }
        return new Action(
                fields.text("id"),
                fields.text("what"),
                fields.one("type", TYPES),
                fields.one("owner", OWNERS),
                fields.date("due"),
                fields.date("done"),
                fields.optional("test"),
                fields.optional("no_test"));
    }

    private static Map<String, String> sections(String text) {
        var sections = new LinkedHashMap<String, String>();
        SECTION.matcher(text)
                .results()
                .forEach(section ->
                        sections.put(section.group(1).strip(), section.group(2).strip()));
        return sections;
    }
}
