package io.vitals.sandbox.house;

import com.tngtech.archunit.lang.ArchRule;

import java.time.Clock;
import java.time.Instant;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** Rules for the code of every service. */
public final class HouseRules {
    private HouseRules() {}

    /** {@code Main} alone picks the clock of the machine. */
    public static ArchRule timeComesFromAnInjectedClock() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Clock.class, "systemUTC");
    }
}
