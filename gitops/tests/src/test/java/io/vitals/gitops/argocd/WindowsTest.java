package io.vitals.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

import static org.assertj.core.api.Assertions.assertThat;

/** When production takes no release by itself: the windows of its project, computed on chosen instants. */
class WindowsTest {
    private static final JsonNode WINDOWS = Yaml.read(
                    Program.ROOT.resolve("argocd/projects/appproject-apps-production.yaml"))
            .getFirst()
            .at("/spec/syncWindows");

    @ParameterizedTest
    @CsvSource({
        // Winter: Berlin is an hour ahead of UTC. Friday 16:00 there, to Monday 07:00.
        "2026-11-27T14:59:00Z, open",
        "2026-11-27T15:00:00Z, shut",
        "2026-11-29T12:00:00Z, shut",
        "2026-11-30T05:59:00Z, shut",
        "2026-11-30T06:00:00Z, open",
        "2026-11-26T20:00:00Z, open",
        // Summer: two hours ahead.
        "2026-07-03T13:59:00Z, open",
        "2026-07-03T14:00:00Z, shut",
        // The night in which the clocks go forward is one of 63 hours too: it ends at eight there.
        "2027-03-29T05:59:00Z, shut",
        "2027-03-29T06:00:00Z, open",
        // And back: at six.
        "2026-10-26T04:59:00Z, shut",
        "2026-10-26T05:00:00Z, open",
        // The turn of the year, a Wednesday in it and the Tuesday before it.
        "2026-12-22T14:59:00Z, open",
        "2026-12-30T12:00:00Z, shut",
        "2027-01-03T15:01:00Z, shut",
        "2027-01-05T12:00:00Z, open",
    })
    void isShutOrOpen(Instant now, String expected) {
        assertThat(shut(now) ? "shut" : "open").isEqualTo(expected);
    }

    @Test
    void whoIsOnCallMaySyncByHandAllTheSame() {
        assertThat(WINDOWS).isNotEmpty().allSatisfy(window -> {
            assertThat(window.path("manualSync").asBoolean()).isTrue();
            assertThat(window.path("timeZone").asText()).isEqualTo("Europe/Berlin");
            assertThat(window.path("applications").toString()).isEqualTo("[\"*\"]");
        });
    }

    private static boolean shut(Instant now) {
        for (JsonNode window : WINDOWS) {
            if (!window.path("kind").asText().equals("deny")) {
                continue;
            }
            Duration duration =
                    Duration.parse("PT" + window.path("duration").asText().toUpperCase(java.util.Locale.ROOT));
            ZonedDateTime then = now.atZone(ZoneId.of(window.path("timeZone").asText()));
            String[] cron = window.path("schedule").asText().split(" ", -1);
            // Any start within one length before now: the schedules here name a minute and an hour.
            for (long back = 0; back <= duration.toDays() + 1; back++) {
                ZonedDateTime start = then.minusDays(back)
                        .withHour(Integer.parseInt(cron[1]))
                        .withMinute(Integer.parseInt(cron[0]))
                        .withSecond(0)
                        .withNano(0);
                boolean begins = (cron[2].equals("*") || Integer.parseInt(cron[2]) == start.getDayOfMonth())
                        && (cron[3].equals("*") || Integer.parseInt(cron[3]) == start.getMonthValue())
                        && (cron[4].equals("*") || DayOfWeek.of(Integer.parseInt(cron[4])) == start.getDayOfWeek());
                Instant from = start.toInstant();
                if (begins && !now.isBefore(from) && now.isBefore(from.plus(duration))) {
                    return true;
                }
            }
        }
        return false;
    }
}
