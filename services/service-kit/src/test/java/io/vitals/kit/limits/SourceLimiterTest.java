package io.vitals.kit.limits;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SourceLimiterTest {
    private static final SourceLimiter.Rate PLENTY = new SourceLimiter.Rate(1e6, 1_000_000);

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aSourceThatAsksTooOftenIsToldWhenToComeBackAndThenServed() {
        SourceLimiter limiter = limiter(new SourceLimiter.Rate(2, 3), PLENTY);
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.take(from("192.0.2.1"))).isEmpty();
        }

        assertThat(limiter.take(from("192.0.2.1")))
                .contains(new SourceLimiter.Refusal(SourceLimiter.Scope.SOURCE, Duration.ofMillis(500)));
        nanos.addAndGet(Duration.ofMillis(499).toNanos());
        assertThat(limiter.take(from("192.0.2.1"))).isPresent();
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(limiter.take(from("192.0.2.1"))).isEmpty();
    }

    @Test
    void oneSourceDoesNotUseUpAnothersShare() {
        SourceLimiter limiter = limiter(new SourceLimiter.Rate(1, 1), PLENTY);

        assertThat(limiter.take(from("192.0.2.1"))).isEmpty();
        assertThat(limiter.take(from("192.0.2.1"))).isPresent();
        assertThat(limiter.take(from("192.0.2.2"))).isEmpty();
    }

    @Test
    void allAddressesOfOneIpv6NetworkAreOneSource() {
        SourceLimiter limiter = limiter(new SourceLimiter.Rate(1, 1), PLENTY);

        assertThat(limiter.take(from("2001:db8:0:1::1"))).isEmpty();
        assertThat(limiter.take(from("2001:db8:0:1:ffff::2"))).isPresent();
        assertThat(limiter.take(from("2001:db8:0:2::1"))).isEmpty();
    }

    @Test
    void theOverallLimitHoldsHoweverManySourcesThereAre() {
        SourceLimiter limiter = limiter(PLENTY, new SourceLimiter.Rate(1, 10));
        int served = 0;
        for (int i = 0; i < 1000; i++) {
            served += limiter.take(from("10.0." + i / 250 + "." + i % 250)).isEmpty() ? 1 : 0;
        }

        assertThat(served).isEqualTo(10);
        assertThat(limiter.take(from("192.0.2.1")))
                .hasValueSatisfying(refusal -> assertThat(refusal.scope()).isEqualTo(SourceLimiter.Scope.GLOBAL));
    }

    @Test
    void aPauseFillsABucketOnlyToItsBrim() {
        SourceLimiter limiter = limiter(new SourceLimiter.Rate(100, 5), PLENTY);
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        int served = 0;
        while (limiter.take(from("192.0.2.1")).isEmpty()) {
            served++;
        }

        assertThat(served).isEqualTo(5);
    }

    @Test
    void aRateThatWouldRefuseEverythingIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SourceLimiter.Rate(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SourceLimiter.Rate(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SourceLimiter.Rate(1, 0));
    }

    private SourceLimiter limiter(SourceLimiter.Rate perSource, SourceLimiter.Rate overall) {
        return new SourceLimiter(perSource, overall, nanos::get, new Random(1));
    }

    private static InetAddress from(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
