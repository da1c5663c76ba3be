package io.vitals.probe;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vitals.sandbox.house.HouseRules;

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

    @ArchTest
    static final ArchRule timeComesFromAnInjectedClock = HouseRules.timeComesFromAnInjectedClock();
}
