package io.vitals.kit;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "io.vitals.kit", importOptions = ImportOption.DoNotIncludeTests.class)
class KitStyleTest {
    @ArchTest
    static final ArchRule cipherAndMacAreUsedInCryptoOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.vitals.kit.crypto..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.crypto..");

    @ArchTest
    static final ArchRule webClientsAreBuiltInOutboundOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.vitals.kit.outbound..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.helidon.webclient..", "java.net.http..");

    @ArchTest
    static final ArchRule loggersAreReachedThroughTheEventLogOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.vitals.kit.logging..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.slf4j.LoggerFactory");

    @ArchTest
    static final ArchRule timeComesFromAnInjectedClock = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Clock.class, "systemUTC");

    @ArchTest
    static final ArchRule configurationIsNeverGlobal = noClasses()
            .should()
            .callMethod(io.helidon.config.Config.class, "global")
            .orShould()
            .callMethod(io.helidon.config.Config.class, "create");

    @ArchTest
    static final ArchRule exceptionsAreFinal = classes()
            .that()
            .areAssignableTo(RuntimeException.class)
            .should()
            .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);
}
