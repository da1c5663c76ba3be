package io.vitals.whoop.upstream;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class RetryBudgetTest {
    private final AtomicLong nanos = new AtomicLong(Duration.ofHours(7).toNanos());
    private final RetryBudget budget = new RetryBudget(Duration.ofSeconds(30), nanos::get);

    @Test
    void whileWhoopFailsATenthOfTheRequestsMayBeRepetitions() {
        int retries = 0;
        for (int second = 0; second < 300; second++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            for (int i = 0; i < 10; i++) {
                assertThat(budget.take(false)).isTrue();
                budget.failed();
            }
            for (int i = 0; i < 50; i++) {
                if (budget.take(true)) {
                    retries++;
                    budget.failed();
                }
            }
        }

        assertThat(retries).isBetween(250, 300 * 10 / 9 + 10);
    }

    @Test
    void withoutNewRequestsOneInATenthOfTheWindowStillTries() {
        assertThat(budget.take(false)).isTrue();
        budget.failed();
        int retries = 0;
        for (int second = 0; second < 300; second++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            for (int i = 0; i < 50; i++) {
                if (budget.take(true)) {
                    retries++;
                    budget.failed();
                }
            }
        }

        assertThat(retries).isBetween(90, 110);
    }

    /** The control: the limit comes from the failures. */
    @Test
    void whileWhoopIsWellWhoeverRepeatsIsFreeTo() {
        for (int i = 0; i < 1000; i++) {
            assertThat(budget.take(true)).isTrue();
            if (i % 20 == 19) {
                budget.failed();
            }
        }
    }

    @Test
    void failuresAreForgottenWithTheirWindow() {
        for (int i = 0; i < 10; i++) {
            assertThat(budget.take(i > 0)).isEqualTo(i < 2);
            budget.failed();
        }
        nanos.addAndGet(Duration.ofSeconds(33).toNanos());
        for (int i = 0; i < 10; i++) {
            assertThat(budget.take(true)).isTrue();
        }
    }
}
