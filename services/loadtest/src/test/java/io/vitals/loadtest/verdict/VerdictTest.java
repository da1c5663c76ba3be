package io.vitals.loadtest.verdict;

import io.vitals.loadtest.profile.Request;
import io.vitals.loadtest.profile.Scenario;
import io.vitals.loadtest.profile.Threshold;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class VerdictTest {
    private static final Threshold THRESHOLD = new Threshold(
            0.1,
            Optional.of(Duration.ofSeconds(3)),
            Optional.of(Duration.ofMillis(500)),
            Optional.of(Duration.ofSeconds(1)));

    @Test
    void whatIsExactlyAtItsLimitsIsKept() {
        assertThat(judge(1_000, 1, 500, 1_000, 3_000).kept()).isTrue();
    }

    @Test
    void eachLimitBreaksByItself() {
        assertThat(judge(1_000, 1, 501, 1_000, 3_000).broken()).containsExactly("p95");
        assertThat(judge(1_000, 1, 500, 1_001, 3_000).broken()).containsExactly("p99");
        assertThat(judge(1_000, 1, 500, 1_000, 3_001).broken()).containsExactly("max");
        assertThat(judge(1_000, 2, 500, 1_000, 3_000).broken()).containsExactly("errors");
        assertThat(judge(1_000, 2, 501, 1_001, 3_001).broken()).containsExactly("errors", "p95", "p99", "max");
    }

    @Test
    void aLimitThatIsNotSetBreaksNothing() {
        Threshold onlyMax = new Threshold(100, Optional.of(Duration.ofHours(1)), Optional.empty(), Optional.empty());

        assertThat(Verdict.of(measured(10, 10, 60_000, 60_000, 60_000), onlyMax).kept())
                .isTrue();
    }

    @Test
    void nothingSentIsNotKept() {
        assertThat(judge(0, 0, 0, 0, 0).broken()).containsExactly("nothing sent");
    }

    @Test
    void theTableNamesWhatIsBroken() {
        var bytes = new ByteArrayOutputStream();

        Table.print(
                List.of(judge(1_000, 0, 20, 30, 40), judge(1_000, 5, 700, 30, 40)),
                new PrintStream(bytes, true, StandardCharsets.UTF_8));

        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).replaceAll(" +", " "))
                .isEqualTo("| scenario | requests | rps | errors | p50 | p95 | p99 | max | limit | verdict |");
        assertThat(lines.get(2).replaceAll(" +", " "))
                .isEqualTo("| mixed-day: overview | 1000 | 50.0 | 0 | 10 | 20 | 30 | 40"
                        + " | p95 <= 500, p99 <= 1000, max <= 3000, errors <= 0.1 % | kept |");
        assertThat(lines.get(3)).contains("BROKEN: errors, p95");
    }

    private static Verdict judge(long requests, long errors, double p95, double p99, double max) {
        return Verdict.of(measured(requests, errors, p95, p99, max), THRESHOLD);
    }

    private static Measured measured(long requests, long errors, double p95, double p99, double max) {
        return new Measured(Scenario.MIXED_DAY, Request.OVERVIEW, requests, errors, 20, 10, p95, p99, max);
    }
}
