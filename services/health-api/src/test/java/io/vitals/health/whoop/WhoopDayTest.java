package io.vitals.health.whoop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

/** What replicas of two releases say to each other. */
class WhoopDayTest {
    private static final String DAY =
            "{\"date\":\"2026-11-22\",\"version\":7,\"cycle\":null,\"recovery\":null,\"sleeps\":[],\"workouts\":[],\"body\":null}";

    @Test
    void aDayOfAReleaseThatDoesNotTellOfDeletionsHasNone() {
        assertThat(read(DAY).deleted()).isEmpty();
        assertThat(read(DAY.replace("\"body\"", "\"deleted\":[\"sleep\"],\"body\""))
                        .deleted())
                .containsExactly("sleep");
    }

    /** As a release without the field reads a day that has it. */
    @Test
    void aFieldOfALaterReleaseIsPassedOver() {
        ObjectNode later = (ObjectNode) Json.tree(DAY.getBytes(StandardCharsets.UTF_8));
        later.putArray("of_a_later_release").add(1);

        assertThat(read(later.toString())).isEqualTo(read(DAY));
    }

    private static WhoopDay read(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), WhoopDay.class);
    }
}
