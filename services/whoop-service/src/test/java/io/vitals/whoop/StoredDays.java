package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** What the internal API shows of a member's days. */
final class StoredDays {
    private StoredDays() {}

    /** The days around now in which the last month's data lie, whatever the member's offset. */
    static JsonNode of(RunningService service, UUID member) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return service.get(
                        "/internal/v1/days/" + member,
                        "from",
                        today.minusDays(31).toString(),
                        "to",
                        today.plusDays(1).toString())
                .path("days");
    }

    static JsonNode ofSleep(RunningService service, UUID member, UUID sleep) {
        for (JsonNode day : of(service, member)) {
            for (JsonNode stored : day.path("sleeps")) {
                if (stored.path("id").asText().equals(sleep.toString())) {
                    return day;
                }
            }
        }
        throw new AssertionError("no day has the sleep");
    }

    static @Nullable UUID anyWorkout(RunningService service, UUID member) {
        for (JsonNode day : of(service, member)) {
            for (JsonNode workout : day.path("workouts")) {
                return UUID.fromString(workout.path("id").asText());
            }
        }
        return null;
    }

    static boolean hasWorkout(RunningService service, UUID member, UUID id) {
        for (JsonNode day : of(service, member)) {
            for (JsonNode workout : day.path("workouts")) {
                if (workout.path("id").asText().equals(id.toString())) {
                    return true;
                }
            }
        }
        return false;
    }
}
