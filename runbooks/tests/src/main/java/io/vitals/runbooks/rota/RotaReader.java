package io.vitals.runbooks.rota;

import io.vitals.runbooks.data.Fields;
import io.vitals.runbooks.rota.Rota.Shift;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads runbooks/on-call/rota.yaml, and refuses a gap, an overlap, and what nobody can bear. */
public final class RotaReader {
    public static final List<String> ROLES = List.of("primary", "secondary", "manager");
    private static final Pattern PLACE = Pattern.compile("(engineer|manager)-[a-z]");
    private static final LocalTime MORNING = LocalTime.of(8, 0);
    private static final LocalTime EVENING = LocalTime.of(18, 0);
    private static final String FORM = "takes a time such as 2026-11-30T09:00";

    private final List<String> findings;
    private Optional<Shift> before = Optional.empty();

    private RotaReader(List<String> findings) {
        this.findings = findings;
    }

    /** The rota; what is wrong with it is added to the findings. */
    public static Rota read(String text, List<String> findings) {
        return new RotaReader(findings).read(text);
    }

    private Rota read(String text) {
        Fields fields =
                Fields.parse("rota.yaml", text, findings).known("timeZone", "from", "until", "longestDays", "shifts");
        Rota rota = new Rota(
                zone(fields),
                time(fields, "from"),
                time(fields, "until"),
                (int) fields.number("longestDays"),
                shifts(fields));
        if (findings.isEmpty()) {
            judge(fields, rota);
        }
        return rota;
    }

    private static ZoneId zone(Fields fields) {
        try {
            return ZoneId.of(fields.text("timeZone"));
        } catch (DateTimeException e) {
            fields.fault("timeZone", "takes a zone such as Europe/Berlin");
            return ZoneId.of("UTC");
        }
    }

    private static LocalDateTime time(Fields fields, String key) {
        if (!fields.has(key)) {
            fields.fault(key, "is missing");
        }
        return fields.parsed(key, FORM, LocalDateTime::parse).orElse(LocalDateTime.MIN);
    }

    private static List<Shift> shifts(Fields fields) {
        var shifts = new ArrayList<Shift>();
        for (Fields shift : fields.objects("shifts")) {
            shift.known("from", "until", "primary", "secondary", "manager");
            var places = new LinkedHashMap<String, String>();
            for (String role : ROLES) {
                String place = shift.text(role);
                if (shift.has(role) && !PLACE.matcher(place).matches()) {
                    shift.fault(role, "\"" + place + "\": takes a place such as engineer-a, and never a name");
                }
                places.put(role, place);
            }
            shifts.add(new Shift(time(shift, "from"), time(shift, "until"), places));
        }
        return shifts;
    }

    private void judge(Fields fields, Rota rota) {
        if (rota.shifts().isEmpty()) {
            fields.fault("shifts", "is empty");
            return;
        }
        if (!rota.shifts().getFirst().from().equals(rota.from())) {
            fields.fault(
                    "from",
                    "the first shift begins at " + rota.shifts().getFirst().from());
        }
        if (!rota.shifts().getLast().until().equals(rota.until())) {
            fields.fault(
                    "until", "the last shift ends at " + rota.shifts().getLast().until());
        }
        List<Fields> all = fields.objects("shifts");
        for (int i = 0; i < all.size(); i++) {
            shift(all.get(i), rota.shifts().get(i), rota.longest());
            before = Optional.of(rota.shifts().get(i));
        }
    }

    private void shift(Fields fields, Shift shift, int longest) {
        before.ifPresent(last -> {
            if (shift.from().isAfter(last.until())) {
                fields.fault("from", "nobody is on call from " + last.until() + " to " + shift.from());
            } else if (shift.from().isBefore(last.until())) {
                fields.fault("from", "two shifts overlap from " + shift.from() + " to " + last.until());
            }
            if (shift.place("primary").equals(last.place("primary"))) {
                fields.fault("primary", shift.place("primary") + " is first twice in a row");
            }
        });
        if (!shift.until().isAfter(shift.from())) {
            fields.fault("until", "is not after from");
        }
        if (Duration.between(shift.from(), shift.until()).compareTo(Duration.ofDays(longest)) > 0) {
            fields.fault("until", "the shift is longer than " + longest + " days");
        }
        LocalTime hour = shift.from().toLocalTime();
        DayOfWeek day = shift.from().getDayOfWeek();
        if (hour.isBefore(MORNING) || !hour.isBefore(EVENING) || day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY) {
            fields.fault("from", "is handed over when nobody is at work");
        }
        if (shift.places().values().stream().distinct().count() < ROLES.size()) {
            fields.fault(
                    "secondary",
                    "one is in two places: "
                            + shift.places().values().stream().sorted().toList());
        }
    }
}
