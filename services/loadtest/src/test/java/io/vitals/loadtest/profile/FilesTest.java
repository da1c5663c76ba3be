package io.vitals.loadtest.profile;

import io.vitals.kit.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** The files of the module, and what their readers refuse. */
class FilesTest {
    private static final Path PROFILES = Path.of("profiles.yaml");
    private static final Path THRESHOLDS = Path.of("thresholds.yaml");
    private static final Path DAY = Path.of("day.yaml");

    @TempDir
    private Path dir;

    @Test
    void theProfilesAreThoseThatArePromised() {
        Profiles profiles = Profiles.read(PROFILES);

        assertThat(List.of(profiles.normal(), profiles.peak(), profiles.stress()))
                .extracting(Profile::users, Profile::rate, Profile::duration)
                .containsExactly(
                        tuple(10, 5.0, Duration.ofMinutes(5)),
                        tuple(50, 20.0, Duration.ofMinutes(2)),
                        tuple(100, 50.0, Duration.ofMinutes(1)));
        assertThat(profiles.soak().duration()).isEqualTo(Duration.ofMinutes(30));
        assertThat(profiles.ci().usual()).containsExactly(Scenario.values());
        assertThat(profiles.capacity().steps()).isPresent();
        assertThat(profiles.capacity().usual()).containsExactly(Scenario.MIXED_DAY);
    }

    /** A member may ask 100 times a minute; a scenario must not come near it, as the one before may have been in the same minute. */
    @Test
    void noProfileAsksMoreOfOneMemberThanTheServiceAllows() {
        Profiles profiles = Profiles.read(PROFILES);

        assertThat(List.of(profiles.ci(), profiles.normal(), profiles.peak(), profiles.soak(), profiles.stress()))
                .allSatisfy(profile -> assertThat(60
                                * profile.rate()
                                / Math.min(profile.connected(), Math.min(profile.connecting(), profile.users())))
                        .isLessThan(90));
    }

    @Test
    void inContinuousIntegrationAsFewAnswersMayBeWrong() {
        Thresholds promised = Thresholds.read(THRESHOLDS);
        Thresholds there = Thresholds.read(THRESHOLDS.resolveSibling("thresholds-ci.yaml"));
        assertThat(Request.values())
                .filteredOn(request -> request != Request.REFRESH)
                .allSatisfy(request -> assertThat(there.of(request).errorsPercent())
                        .isEqualTo(promised.of(request).errorsPercent()));
    }

    @Test
    void theThresholdsAreThoseThatArePromised() {
        Thresholds thresholds = Thresholds.read(THRESHOLDS);

        for (Request request : List.of(Request.READ_DAYS, Request.OVERVIEW)) {
            assertThat(thresholds.of(request).p95()).contains(Duration.ofMillis(500));
            assertThat(thresholds.of(request).p99()).contains(Duration.ofSeconds(1));
        }
        assertThat(thresholds.of(Request.REFRESH).p95()).contains(Duration.ofMillis(2250));
        assertThat(thresholds.of(Request.FALLBACK).max()).contains(Duration.ofSeconds(3));
        assertThat(thresholds.of(Request.CONNECTION_STATUS).p95()).contains(Duration.ofMillis(100));
        for (Request request : Request.values()) {
            assertThat(thresholds.of(request).errorsPercent()).isEqualTo(0.1);
        }
        assertThat(thresholds.capacity().p99()).contains(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p95: 500ms, p99: 1s| p95: 500ms, p98: 1s| overview.p98: no such setting",
                "overview:| overvue:| overview.errors-percent: is missing",
                "p95: 2250ms| p95: soon| refresh.p95: is not a duration",
                "p95: 2250ms| | refresh: one of max, p95 and p99 is needed",
                "{errors-percent: 0.1, max: 3s}| {max: 3s}| fallback.errors-percent: is missing",
                "{errors-percent: 0.1, max: 3s}| {errors-percent: few, max: 3s}| fallback.errors-percent: is not a valid",
                "{errors-percent: 0.1, max: 3s}| {errors-percent: -1, max: 3s}| fallback: errors-percent is from 0 to 100",
                "{errors-percent: 0.1, max: 3s}| {errors-percent: NaN, max: 3s}| fallback: errors-percent is from 0 to 100",
                "connect:| connect: [| is not valid YAML",
            })
    void badThresholdsAreRefusedByTheirKey(String good, String bad, String fault) throws IOException {
        refuses(THRESHOLDS, good, bad, fault, Thresholds::read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "duration: 5s| durration: 6s| ci.durration: no such setting",
                "duration: 5s| duration: 6| ci.duration: is not a duration",
                "duration: 5s| duration: 1500ms| ci: duration and warm-up are whole seconds",
                "warm-up: 2s| warm-up: 0s| ci: duration and warm-up are whole seconds",
                "normal:| usual:| usual.connected: no such setting",
                "rate: 50| rate: 0| stress: rate is more than 0",
                "rate: 50| rate: many| stress.rate: is not a valid",
                "connected: 4| connected: 11| ci: connected and connecting are 1 or more",
                "connecting: 6| connecting: 0| ci: connected and connecting are 1 or more",
                "steps: {add: 20, most: 600}| steps: {add: 0, most: 600}| capacity.steps: add is more than 0",
                "steps: {add: 20, most: 600}| steps: {add: 20, most: 10}| capacity: steps.most is rate or more",
                "steps: {add: 20, most: 600}| steps: {add: 20, top: 600}| capacity.steps.top: no such setting",
                "scenarios: [mixed-day]| scenarios: [mixed-night]| capacity: there is no such scenario",
            })
    void badProfilesAreRefusedByTheirKey(String good, String bad, String fault) throws IOException {
        refuses(PROFILES, good, bad, fault, Profiles::read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webhook: [6, | webhook: [| webhook: 24 numbers of 0 or more are needed",
                "webhook: [6, | webhook: [-6, | webhook: 24 numbers of 0 or more are needed",
                "webhook: [6, | webhook: [six, | webhook: 24 numbers of 0 or more are needed",
                "webhook: [6, | webhoks: [6, | webhoks",
            })
    void aBadDayIsRefusedByItsKey(String good, String bad, String fault) throws IOException {
        refuses(DAY, good, bad, fault, DayShape::read);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Thresholds.read(dir.resolve("none.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.yaml: cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CI", "spike"})
    void anUnknownProfileIsRefused(String name) {
        Profiles profiles = Profiles.read(PROFILES);

        assertThatThrownBy(() -> profiles.of(name)).hasMessageContaining("there is no such profile");
        assertThat(profiles.of("ci")).isEqualTo(profiles.ci());
    }

    @FunctionalInterface
    private interface Reader {
        void read(Path file);
    }

    /** The file of the module is read, and the same with one fault in it is not. */
    private void refuses(Path kept, String good, @Nullable String bad, String fault, Reader reader) throws IOException {
        String text = Files.readString(kept);
        assertThat(text).contains(good);
        Path file = Files.writeString(dir.resolve("good.yaml"), text);
        reader.read(file);

        Path broken = Files.writeString(dir.resolve("bad.yaml"), text.replace(good, bad == null ? "" : bad));

        assertThatThrownBy(() -> reader.read(broken))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(fault);
    }
}
