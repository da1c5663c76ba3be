package io.vitals.whoop.webhook;

import io.vitals.whoop.webhook.WebhookMeters.Outcome;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class RefusalLogTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final RefusalLog log = new RefusalLog(nanos::get);

    @Test
    void aFloodIsOneLineASecondForEachReasonAndNothingGoesUncounted() {
        assertThat(log.refused(Outcome.BAD_SIGNATURE)).isEqualTo(1);
        for (int i = 0; i < 5000; i++) {
            assertThat(log.refused(Outcome.BAD_SIGNATURE)).isZero();
        }
        assertThat(log.refused(Outcome.STALE)).isEqualTo(1);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(log.refused(Outcome.BAD_SIGNATURE)).isEqualTo(5001);
        assertThat(log.refused(Outcome.BAD_SIGNATURE)).isZero();
    }
}
