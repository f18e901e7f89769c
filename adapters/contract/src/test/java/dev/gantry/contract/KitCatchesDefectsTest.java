package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A broken adapter does not pass, whichever promise it breaks. */
class KitCatchesDefectsTest {

    @ParameterizedTest(name = "{0}")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void noticesTheDefect(Defect defect) {
        Results results = run(defect, defect.noticedBy());

        assertThat(results.failed)
                .as(
                        "tests that must notice it; passed: %s, skipped: %s",
                        results.passed, results.skipped)
                .containsExactlyInAnyOrderElementsOf(defect.noticedBy());
    }

    @Test
    void letsAWorkingAdapterPass() {
        List<String> named =
                Stream.of(Defect.values())
                        .filter(defect -> !defect.isOfModestRunner())
                        .flatMap(defect -> defect.noticedBy().stream())
                        .distinct()
                        .toList();

        Results results = run(Defect.NONE, named);

        assertThat(results.passed).containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void hasADefectForEveryTestThatACorrectAdapterCanFail() {
        List<String> named =
                Stream.of(Defect.values()).flatMap(defect -> defect.noticedBy().stream()).toList();

        List<String> unproven =
                Stream.of(RunnerAdapterContract.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(Method::getName)
                        .filter(test -> !named.contains(test))
                        .toList();

        assertThat(unproven).as("tests that no defect shows to be able to fail").isEmpty();
    }

    private static Results run(Defect defect, List<String> tests) {
        FaultySubject.defect = defect;
        List<MethodSelector> selectors =
                tests.stream().map(test -> selectMethod(FaultySubject.class, test)).toList();
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
        Results results = new Results();
        LauncherFactory.create().execute(request, results);
        return results;
    }

    private static final class Results implements TestExecutionListener {
        final List<String> passed = new ArrayList<>();
        final List<String> failed = new ArrayList<>();
        final List<String> skipped = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (!test.isTest()) {
                return;
            }
            String name = test.getDisplayName().replace("()", "");
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed.add(name);
                case FAILED -> failed.add(name);
                case ABORTED -> skipped.add(name);
            }
        }
    }
}
