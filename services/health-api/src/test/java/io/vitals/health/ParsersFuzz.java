package io.vitals.health;

import com.code_intelligence.jazzer.junit.FuzzTest;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bytes that a fuzzer makes up, guided by what they reach, to every parser: some seconds in each {@code make test}, longer
 * with {@code make fuzz TIME=10m}. What it finds it keeps under src/test/resources, where {@link ParsersTest} reads it, too.
 */
class ParsersFuzz {
    /** Of the processor, so that a busy machine is no fault; the first inputs load classes. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Parsers PARSERS = new Parsers();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @FuzzTest
    void parsers(byte[] input) {
        long start = THREADS.getCurrentThreadCpuTime();
        PARSERS.read(input);
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start)).isLessThan(LONGEST);
    }
}
