package io.vitals.probe;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Clock;
import java.time.Instant;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "io.vitals.probe", importOptions = ImportOption.DoNotIncludeTests.class)
class ProbeStyleTest {
    /** There every call has its deadline and its limit. */
    @ArchTest
    static final ArchRule theBrowserAloneSpeaksHttpAndHtml = noClasses()
            .that()
            .resideOutsideOfPackage("io.vitals.probe.browser..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "org.jsoup..", "io.helidon.webclient..");

    /** {@code Main} alone picks the clock of the machine. */
    @ArchTest
    static final ArchRule timeComesFromAnInjectedClock = noClasses()
            .that()
            .doNotHaveSimpleName("Main")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC");
}
