package io.vitals.kit.metrics;

import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BucketsTest {
    @Test
    void theStepsGoUpFromTheShortestToTheLongest() {
        assertThat(Buckets.between(Duration.ofMillis(5), Duration.ofSeconds(30)))
                .hasSize(12)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(Buckets.between(Duration.ofMillis(250), Duration.ofSeconds(1)))
                .containsExactly(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void anEndThatIsNoStepIsRefused() {
        Duration step = Duration.ofSeconds(1);
        assertThatThrownBy(() -> Buckets.between(Duration.ofMillis(3), step)).hasMessageContaining("PT0.003S");
        assertThatThrownBy(() -> Buckets.between(step, Duration.ofDays(1))).hasMessageContaining("PT24H");
        assertThatThrownBy(() -> Buckets.between(step, Duration.ofMillis(5)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
