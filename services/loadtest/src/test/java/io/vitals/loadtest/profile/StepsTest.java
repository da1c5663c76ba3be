package io.vitals.loadtest.profile;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class StepsTest {
    private final Profile.Steps steps = new Profile.Steps(20, 100);
    private final List<Double> tried = new ArrayList<>();

    @Test
    void theLastStepBeforeTheFirstThatBreaksIsHeld() throws Exception {
        assertThat(upTo(60)).isEqualTo(60);
        assertThat(tried).containsExactly(20.0, 40.0, 60.0, 80.0);
    }

    @Test
    void nothingIsHeldWhenTheFirstBreaks() throws Exception {
        assertThat(upTo(10)).isZero();
        assertThat(tried).containsExactly(20.0);
    }

    @Test
    void itEndsAtTheMost() throws Exception {
        assertThat(upTo(1_000)).isEqualTo(100);
        assertThat(tried).containsExactly(20.0, 40.0, 60.0, 80.0, 100.0);
    }

    private double upTo(double capacity) throws Exception {
        return steps.lastHeld(20, rate -> {
            tried.add(rate);
            return rate <= capacity;
        });
    }
}
