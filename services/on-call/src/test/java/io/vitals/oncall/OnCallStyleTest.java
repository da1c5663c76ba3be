package io.vitals.oncall;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vitals.sandbox.house.HouseRules;

@AnalyzeClasses(packages = "io.vitals.oncall", importOptions = ImportOption.DoNotIncludeTests.class)
class OnCallStyleTest {
    @ArchTest
    static final ArchRule timeComesFromAnInjectedClock = HouseRules.timeComesFromAnInjectedClock();
}
