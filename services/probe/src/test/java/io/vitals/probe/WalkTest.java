package io.vitals.probe;

import io.vitals.kit.config.DataSize;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WalkTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void aJourneyPassesWithAllItsStepsTimed() {
        Outcome outcome = walk(walk -> {
            assertThat(walk.step("one", () -> 42)).isEqualTo(42);
            walk.lastly("out", () -> done.add("out"));
            walk.act("two", () -> done.add("two"));
        });
        assertThat(outcome.passed()).isTrue();
        assertThat(outcome.steps()).extracting(Outcome.Step::name).containsExactly("one", "two", "out");
        assertThat(outcome.steps()).allMatch(step -> !step.took().isNegative());
        assertThat(done).containsExactly("two", "out");
    }

    @Test
    void theFirstFaultEndsItAndWhatMustBeUndoneIsUndone() {
        Outcome outcome = walk(walk -> {
            walk.lastly("out", () -> done.add("out"));
            walk.lastly("free", () -> {
                throw new BrowserException(BrowserException.Kind.TIMEOUT);
            });
            walk.act("one", () -> {
                throw new BrowserException(BrowserException.Kind.CONNECT);
            });
            done.add("never");
        });
        assertThat(outcome.steps()).extracting(Outcome.Step::name).containsExactly("one", "free", "out");
        assertThat(outcome.failed().orElseThrow().name()).isEqualTo("one");
        assertThat(outcome.failed().orElseThrow().failure()).isEqualTo(Optional.of("connect"));
        assertThat(done).containsExactly("out");
    }

    @Test
    void aFaultWhileUndoingIsOne() {
        Outcome outcome = walk(walk -> walk.lastly("out", () -> {
            throw new BrowserException(BrowserException.Kind.CONTENT);
        }));
        assertThat(outcome.passed()).isFalse();
    }

    @Test
    void aFaultOfOursIsTellableFromOneOfVitals() {
        Outcome outcome = walk(walk -> walk.act("one", () -> {
            throw new IllegalStateException("secret");
        }));
        assertThat(outcome.failed().orElseThrow().failure()).isEqualTo(Optional.of("internal"));
    }

    @Test
    void theLimitOfTheWholeCutsAStepShort() {
        CountDownLatch over = new CountDownLatch(1);
        try (StubSite site = new StubSite();
                Browser browser = new Browser(Duration.ofMinutes(1), DataSize.parse("1KiB"))) {
            site.page("/slow", exchange -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Outcome outcome = Walk.of(
                    journey(walk -> walk.step("one", () -> browser.open(site.at("/slow")))),
                    browser,
                    Duration.ofMillis(200));
            assertThat(outcome.failed().orElseThrow().failure()).isEqualTo(Optional.of("timeout"));
            over.countDown();
        }
    }

    @Test
    void aStepThatNoMetricKnowsIsRefused() {
        assertThatThrownBy(() -> walk(walk -> {
                    walk.lastly("out", () -> done.add("out"));
                    walk.act("unheard-of", () -> {});
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(done).as("undone all the same").containsExactly("out");
    }

    private static Outcome walk(Consumer<Walk> steps) {
        try (Browser browser = new Browser(Duration.ofSeconds(1), DataSize.parse("1KiB"))) {
            return Walk.of(journey(steps), browser, Duration.ofMinutes(1));
        }
    }

    private static Journey journey(Consumer<Walk> steps) {
        return new Journey() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public List<String> steps() {
                return List.of("one", "two", "free", "out");
            }

            @Override
            public void walk(Walk walk, Browser browser) {
                steps.accept(walk);
            }
        };
    }
}
