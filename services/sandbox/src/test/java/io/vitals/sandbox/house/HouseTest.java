package io.vitals.sandbox.house;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the services' tests lean on refuses what it should. */
class HouseTest {
    static final class Impatient {
        Instant now() {
            return Instant.now();
        }
    }

    static final class Local {
        LocalDate today() {
            return LocalDate.now(ZoneOffset.UTC);
        }
    }

    static final class Patient {
        Instant now(Clock clock) {
            return clock.instant();
        }

        LocalDate today(Clock clock) {
            return LocalDate.now(clock);
        }
    }

    @Test
    void theClockOfTheMachineIsRefused() {
        assertThat(clockRuleHolds(Impatient.class)).isFalse();
        assertThat(clockRuleHolds(Local.class)).isFalse();
        assertThat(clockRuleHolds(Patient.class)).isTrue();
    }

    @Test
    void aTableThatThePageLacksIsRefusedAndLeftInAFile() throws Exception {
        String other = "| `no.such.setting` | text | |\n";
        assertThatThrownBy(() -> SettingsPage.mustHold("the sandbox", other))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the sandbox");
        assertThat(Path.of("target", "settings.md")).hasContent(other);
        assertThatThrownBy(() -> SettingsPage.mustHold("the sandbox", "")).isInstanceOf(AssertionError.class);
        String first = Files.readString(Path.of("..", "..", "docs", "configuration.md"))
                .lines()
                .findFirst()
                .orElseThrow();
        assertThatCode(() -> SettingsPage.mustHold("the sandbox", first)).doesNotThrowAnyException();
    }

    private static boolean clockRuleHolds(Class<?> code) {
        return !HouseRules.timeComesFromAnInjectedClock()
                .evaluate(new ClassFileImporter().importClasses(code))
                .hasViolation();
    }
}
