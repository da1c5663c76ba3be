package io.vitals.health;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.helidon.config.Config;
import io.helidon.webclient.api.WebClient;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "io.vitals.health", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule features_do_not_depend_on_each_other_in_circles =
            slices().matching("io.vitals.health.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule features_do_not_know_the_composition_root = noClasses()
            .that()
            .resideInAPackage("io.vitals.health.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vitals.health");

    @ArchTest
    static final ArchRule calls_go_through_the_kit = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(WebClient.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.net.http.HttpClient");

    @ArchTest
    static final ArchRule there_is_no_global_configuration =
            noClasses().should().callMethod(Config.class, "global");
}
