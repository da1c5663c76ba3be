package io.vitals.whoop;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vitals.sandbox.house.HouseRules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** What features may know of each other. Their internals are package-private, so the compiler guards those. */
@AnalyzeClasses(packages = "io.vitals.whoop", importOptions = ImportOption.DoNotIncludeTests.class)
class FeaturesTest {
    @ArchTest
    static final ArchRule FEATURES_FORM_NO_CYCLE =
            slices().matching("io.vitals.whoop.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_DOMAIN_KNOWS_NO_STORAGE_AND_NO_TRANSPORT = noClasses()
            .that()
            .resideInAnyPackage("io.vitals.whoop.model", "io.vitals.whoop.days")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vitals.kit..", "io.helidon..", "java.sql..");

    @ArchTest
    static final ArchRule ONLY_THE_COMPOSITION_ROOT_KNOWS_ALL = noClasses()
            .that()
            .resideInAPackage("io.vitals.whoop.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vitals.whoop");

    @ArchTest
    static final ArchRule TIME_IS_INJECTED = HouseRules.timeComesFromAnInjectedClock();

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule THE_SANDBOX_STAYS_OUT =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.vitals.sandbox..");
}
