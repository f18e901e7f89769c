package dev.gantry.orchestrator.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.gantry.orchestrator.GantryServer;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

@AnalyzeClasses(
        packagesOf = GantryServer.class,
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ENGINE = "dev.gantry.orchestrator.engine..";
    private static final DescribedPredicate<JavaClass> PACKAGE_INFO = simpleName("package-info");

    @Test
    void modulesUseOnlyWhatTheyDeclare() {
        ApplicationModules.of(GantryServer.class).verify();
    }

    @ArchTest
    static final ArchRule ENGINE_KNOWS_NEITHER_SPRING_NOR_SQL_NOR_INPUT_OUTPUT =
            noClasses()
                    .that(resideInAPackage(ENGINE).and(DescribedPredicate.not(PACKAGE_INFO)))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(
                                    "org.springframework..",
                                    "jakarta..",
                                    "java.sql..",
                                    "javax.sql..",
                                    "org.jdbi..",
                                    "java.net..",
                                    "java.nio.file..",
                                    "org.slf4j..",
                                    "io.micrometer..",
                                    "io.opentelemetry.."));

    /** Time and chance come in as arguments, so that the same events always give the same state. */
    @ArchTest
    static final ArchRule ENGINE_HAS_NEITHER_CLOCK_NOR_CHANCE =
            classes()
                    .that()
                    .resideInAPackage(ENGINE)
                    .should(never(callMethodWhere(ClockOrChance.CALLED)));

    @ArchTest
    static final ArchRule ENGINE_HAS_NO_SOURCE_OF_CHANCE =
            noClasses()
                    .that()
                    .resideInAPackage(ENGINE)
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(RandomGenerator.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Clock.class);

    private static final DescribedPredicate<JavaClass> MAY_SPEAK_SQL =
            resideInAPackage("dev.gantry.orchestrator.database..")
                    .or(nameMatching(".*\\.Jdbi[A-Za-z]*(\\$.*)?").<JavaClass>forSubtype());

    @ArchTest
    static final ArchRule SQL_IS_IN_JDBI_CLASSES_AND_THE_DATABASE_MODULE_ONLY =
            noClasses()
                    .that(DescribedPredicate.not(MAY_SPEAK_SQL))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.sql..", "org.jdbi.v3.core.statement.."));

    @ArchTest
    static final ArchRule NOBODY_DEPENDS_ON_THE_API =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "dev.gantry.orchestrator.api..", "dev.gantry.orchestrator.console..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.gantry.orchestrator.api..");

    @ArchTest
    static final ArchRule NOBODY_DEPENDS_ON_AN_ADAPTER =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.gantry.adapter..");

    private static final class ClockOrChance extends DescribedPredicate<JavaMethodCall> {
        static final ClockOrChance CALLED = new ClockOrChance();

        private static final Set<String> SYSTEM =
                Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty");

        ClockOrChance() {
            super("a clock or a source of chance");
        }

        @Override
        public boolean test(JavaMethodCall call) {
            String name = call.getName();
            JavaClass owner = call.getTargetOwner();
            return (owner.isEquivalentTo(System.class) && SYSTEM.contains(name))
                    || (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"))
                    || (owner.isEquivalentTo(Math.class) && name.equals("random"))
                    || (name.equals("now") && owner.getPackageName().equals("java.time"))
                    || owner.isAssignableTo(Random.class)
                    || owner.isEquivalentTo(Thread.class)
                    || (owner.isEquivalentTo(Instant.class) && name.equals("now"));
        }
    }
}
