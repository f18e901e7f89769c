package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.runner.AdapterDiscovery.Found;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class AdapterDiscoveryTest {
    private static final ClassLoader CLASSES = AdapterDiscoveryTest.class.getClassLoader();

    @TempDir Path folder;

    private static AdapterSet make(List<Found> found, Map<String, String> properties) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.copyOf(properties)));
        return AdapterSet.make(found, "test", kind -> KindSettings.read(environment, kind), null);
    }

    private List<Found> inFolder() {
        return AdapterDiscovery.inFolder(folder, CLASSES);
    }

    @Test
    void findsTheAdaptersOnTheClassPath() {
        assertThat(AdapterDiscovery.onClassPath(CLASSES))
                .extracting(found -> found.provider().kind())
                .contains("local-mock");
    }

    @Test
    void runsAStepThroughAnAdapterFromAJar() throws IOException, RunnerException {
        ThirdPartyJar.make(folder, "acme", "acme-cloud");

        try (AdapterSet set =
                make(inFolder(), Map.of("gantry.adapters.acme-cloud.region", "moon"))) {
            RunnerAdapter adapter = set.adapters().get("acme-cloud");
            assertThat(adapter).isNotNull();
            Attempt attempt = SampleAttempts.of("{}");
            Outcome outcome =
                    adapter.run(adapter.provision(attempt), attempt, SampleAttempts.NOTHING).join();

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Succeeded.class,
                            succeeded ->
                                    assertThat(
                                                    new String(
                                                            succeeded.output(),
                                                            StandardCharsets.UTF_8))
                                            .isEqualTo("\"moon isolated\""));
        }
    }

    @Test
    void givesEachJarItsOwnClasses() throws IOException {
        ThirdPartyJar.make(folder, "one", "kind-one");
        ThirdPartyJar.make(folder, "two", "kind-two");

        List<Found> found = inFolder();

        assertThat(found)
                .extracting(one -> one.provider().getClass().getClassLoader())
                .doesNotHaveDuplicates()
                .doesNotContain(CLASSES);
        // The class path's adapters are not found again through the jars.
        assertThat(found)
                .extracting(one -> one.provider().kind())
                .containsExactly("kind-one", "kind-two");
    }

    @Test
    void refusesTwoAdaptersOfOneKindNamingBothClassesAndJars() throws IOException {
        ThirdPartyJar.make(folder, "one", "twice");
        ThirdPartyJar.make(folder, "two", "twice");

        assertThatThrownBy(() -> make(inFolder(), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("'twice'")
                .hasMessageContaining("com.example.one.Provider")
                .hasMessageContaining("one.jar")
                .hasMessageContaining("com.example.two.Provider")
                .hasMessageContaining("two.jar");
    }

    @Test
    void refusesAJarThatRepeatsAKindOfTheClassPath() throws IOException {
        ThirdPartyJar.make(folder, "fake", "local-mock");
        List<Found> found = new ArrayList<>(AdapterDiscovery.onClassPath(CLASSES));
        found.addAll(inFolder());

        assertThatThrownBy(() -> make(found, Map.of("gantry.adapters.docker.enabled", "false")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("'local-mock'")
                .hasMessageContaining("fake.jar");
    }

    @Test
    void refusesSettingsThatTheProviderRefuses() throws IOException {
        ThirdPartyJar.make(folder, "acme", "acme");

        assertThatThrownBy(
                        () -> make(inFolder(), Map.of("gantry.adapters.acme.region", "atlantis")))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.mend()).contains("gantry.adapters.acme"))
                .hasMessageContaining("'acme'")
                .hasMessageContaining("region is 'atlantis', expected a dry one");
    }

    @Test
    void leavesOutWhatIsNotEnabled() throws IOException {
        ThirdPartyJar.make(folder, "acme", "acme");

        AdapterSet set =
                make(
                        inFolder(),
                        Map.of(
                                "gantry.adapters.acme.region", "atlantis",
                                "gantry.adapters.acme.enabled", "false"));

        assertThat(set.adapters()).isEmpty();
    }

    @Test
    void refusesAKindThatIsNoName() throws IOException {
        ThirdPartyJar.make(folder, "acme", "Acme Cloud");

        assertThatThrownBy(() -> make(inFolder(), Map.of()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("'Acme Cloud'");
    }

    @Test
    void refusesJarsAndFoldersThatHoldNoAdapter() throws IOException {
        assertThatThrownBy(() -> AdapterDiscovery.inFolder(folder.resolve("none"), CLASSES))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("gantry.adapters.directory");

        ThirdPartyJar.make(folder, "typo", "typo", "com.example.typo.Providr");
        assertThatThrownBy(this::inFolder)
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("typo.jar")
                .hasMessageContaining("Providr");

        Files.delete(folder.resolve("typo.jar"));
        ThirdPartyJar.make(folder, "library", "library", "");
        assertThatThrownBy(this::inFolder)
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("library.jar")
                .hasMessageContaining("META-INF/services");
    }
}
