package io.vitals.kit.tracing;

import io.helidon.tracing.Tracer;
import io.helidon.tracing.TracerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

import java.net.URI;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HandoverTest {
    /** Nobody listens there: what counts is what spans are made, not that they arrive. */
    private static final Tracer TRACER = TracerBuilder.create("test")
            .collectorUri(URI.create("http://127.0.0.1:1"))
            .registerGlobal(false)
            .build();

    private final Handover trace = new Handover(TRACER);

    @Test
    void whatWasKeptIsGoneOnWith() {
        String kept = trace.goOn("ask", null, HandoverTest::here);
        String later = trace.goOn("work", kept, HandoverTest::here);
        assertThat(kept).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(traceOf(later)).isEqualTo(traceOf(kept));
        assertThat(later).isNotEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "00-00000000000000000000000000000000-0000000000000000-01",
                "00-5e5c316f8a4dd70ebb6ed7e485d88ed1-1-01"
            })
    void whatIsNoTraceparentBeginsATrace(String kept) {
        String begun = trace.goOn("work", kept, HandoverTest::here);
        assertThat(begun).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        assertThat(begun).doesNotContain("5e5c316f8a4dd70ebb6ed7e485d88ed1", "00000000000000000000000000000000");
    }

    @Test
    void linesOfTheWorkNameTheTraceAndThoseAfterItDoNot() {
        MDC.put("trace_id", "of the request");
        try {
            List<String> seen = trace.goOn("work", null, () -> List.of(MDC.get("trace_id"), traceOf(here())));
            assertThat(seen.getFirst()).isEqualTo(seen.getLast());
            assertThat(MDC.get("trace_id")).isEqualTo("of the request");
        } finally {
            MDC.remove("trace_id");
        }
    }

    @Test
    void workThatFailsLeavesNothingBehind() {
        assertThatThrownBy(() -> trace.goOn("work", null, () -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(MDC.get("trace_id")).isNull();
        assertThat(Handover.current()).isNull();
    }

    @Test
    void withoutTracingTheWorkIsDoneAndNothingKept() {
        assertThat(new Handover(Tracer.noOp()).goOn("work", null, () -> String.valueOf(Handover.current())))
                .isEqualTo("null");
    }

    private static String here() {
        return String.valueOf(Handover.current());
    }

    private static String traceOf(String traceparent) {
        return traceparent.substring("00-".length(), "00-".length() + 32);
    }
}
