package io.vitals.runbooks.rota;

import io.vitals.runbooks.data.Fields;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is asked after how long without an answer.
 *
 * @param levels in the order of time
 */
public record Escalation(List<Level> levels) {
    /**
     * One who is asked.
     *
     * @param after from the firing of the alert
     * @param repeat until somebody answers
     * @param receiver of Alertmanager
     * @param alert that asks; the first is asked by whatever fires
     */
    public record Level(String role, Duration after, Duration repeat, String receiver, Optional<String> alert) {}

    public Escalation {
        levels = List.copyOf(levels);
    }

    /** The policy; what is wrong with it is added to the findings. */
    public static Escalation read(String text, List<String> findings) {
        Fields fields = Fields.parse("escalation.yaml", text, findings).known("levels");
        var levels = new ArrayList<Level>();
        Duration last = Duration.ofMinutes(-1);
        for (Fields level : fields.objects("levels")) {
            level.known("role", "after", "repeat", "receiver", "alert");
            Duration after = level.minutes("after");
            if (after.compareTo(last) <= 0) {
                level.fault("after", "is not later than the level before");
            }
            last = after;
            levels.add(new Level(
                    level.one("role", RotaReader.ROLES),
                    after,
                    level.minutes("repeat"),
                    level.text("receiver"),
                    level.optional("alert")));
        }
        if (!levels.stream().map(Level::role).toList().equals(RotaReader.ROLES)) {
            fields.fault(
                    "levels",
                    "ask " + levels.stream().map(Level::role).toList() + ", and have to ask " + RotaReader.ROLES);
        }
        return new Escalation(levels);
    }
}
