package io.vitals.health;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vitals.health.access.Access;
import io.vitals.sandbox.house.HouseRules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "io.vitals.health", importOptions = ImportOption.DoNotIncludeTests.class)
class HealthStyleTest {
    @ArchTest
    static final ArchRule sahhaKnowsNeitherWhoopNorTheDays = noClasses()
            .that()
            .resideInAPackage("io.vitals.health.sahha..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vitals.health.whoop..", "io.vitals.health.daily..");

    @ArchTest
    static final ArchRule whoopKnowsNeitherSahhaNorTheDays = noClasses()
            .that()
            .resideInAPackage("io.vitals.health.whoop..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vitals.health.sahha..", "io.vitals.health.daily..");

    @ArchTest
    static final ArchRule theDaysKnowNothingOfTheEdge = noClasses()
            .that()
            .resideInAnyPackage("io.vitals.health.daily..", "io.vitals.health.sahha..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vitals.health.access..", "io.vitals.health.api..", "io.vitals.health.page..");

    /** The merge is pure: nothing between a day's inputs and its record can reach a store or the network. */
    @ArchTest
    static final ArchRule theMergeReachesNothing = noClasses()
            .that()
            .haveSimpleName("DayMerge")
            .or()
            .haveSimpleName("WhoopReadings")
            .or()
            .haveSimpleName("SahhaReadings")
            .or()
            .haveSimpleName("SleepBlock")
            .or()
            .haveSimpleName("Workouts")
            .or()
            .haveSimpleName("OverallScores")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vitals.kit..", "io.helidon..", "java.sql..", "java.net..");

    /** The check of ownership can be switched off by tests alone. */
    @ArchTest
    static final ArchRule ownershipIsAlwaysChecked = noClasses().should().callMethod(Access.class, "trustPaths");

    @ArchTest
    static final ArchRule timeComesFromAnInjectedClock = HouseRules.timeComesFromAnInjectedClock();
}
