package io.vitals.sandbox.house;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Clock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** Rules for the code of every service. */
public final class HouseRules {
    private static final DescribedPredicate<JavaMethodCall> NOW_OF_THE_MACHINE = DescribedPredicate.describe(
            "asks java.time for now without a clock",
            call -> call.getTargetOwner().getPackageName().equals("java.time")
                    && call.getName().equals("now")
                    && call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isEquivalentTo(Clock.class)));

    private HouseRules() {}

    /** {@code Main} alone picks the clock of the machine. */
    public static ArchRule timeComesFromAnInjectedClock() {
        return noClasses()
                .that()
                .doNotHaveSimpleName("Main")
                .should()
                .callMethodWhere(NOW_OF_THE_MACHINE)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone");
    }
}
