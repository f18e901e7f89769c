package dev.gantry.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gantry.acceptance.Server;
import io.cucumber.core.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs features against a started server. The official kit's folder is given by the property {@code
 * gantry.ctk}; Gantry's own features are in the same form, with a few steps more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
    private Server server;
    private Path log = Path.of("");
    private Services services;
    private List<Outcomes.Outcome> own = List.of();
    private List<Outcomes.Outcome> official = List.of();

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException, InterruptedException {
        services = new Services();
        server = new Server(Files.createDirectories(folder.resolve("data")), options(folder));
        log = folder.resolve("server.log");
        server.awaitReady();
        World.set(new World(server, services));
    }

    /** Settings of the server beside those of all tests. */
    String[] options(Path folder) {
        return new String[0];
    }

    /** What the server has written so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @AfterAll
    void end() throws IOException, InterruptedException {
        try {
            compareTheReport();
        } finally {
            stop();
        }
    }

    /** The document says what was seen; only with the official kit it can be whole. */
    private void compareTheReport() throws IOException, InterruptedException {
        if (official.isEmpty() || !isReported()) {
            return;
        }
        String report = new Report(server).write(own, official);
        Path file = Path.of("../docs/conformance.md");
        if (Report.isWanted()) {
            Files.writeString(file, report);
        }
        assertThat(Files.readString(file))
                .as("docs/conformance.md is written anew with -Dgantry.docs=write")
                .isEqualTo(report);
    }

    boolean isReported() {
        return true;
    }

    private void stop() {
        World.set(null);
        server.close();
        services.close();
    }

    @TestFactory
    Stream<DynamicTest> passesTheOfficialKit() {
        String kit = System.getProperty("gantry.ctk", "");
        assumeTrue(
                !kit.isBlank(),
                "the official kit is left out: the property gantry.ctk does not name its folder");
        official = outcomes(kit);
        return tests(official);
    }

    @TestFactory
    Stream<DynamicTest> passesItsOwnScenarios() {
        own = outcomes("classpath:features");
        return tests(own);
    }

    private static List<Outcomes.Outcome> outcomes(String features) {
        Outcomes.clear();
        Main.run(
                new String[] {
                    "--glue",
                    ConformanceTest.class.getPackageName(),
                    "--plugin",
                    Outcomes.class.getName(),
                    "--monochrome",
                    features
                },
                ConformanceTest.class.getClassLoader());
        List<Outcomes.Outcome> outcomes = Outcomes.all();
        if (outcomes.isEmpty()) {
            throw new AssertionError("there is no scenario in " + features);
        }
        return outcomes;
    }

    private static Stream<DynamicTest> tests(List<Outcomes.Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome ->
                        DynamicTest.dynamicTest(
                                outcome.feature() + ": " + outcome.scenario(),
                                () -> {
                                    if (outcome.problem() != null) {
                                        throw outcome.problem();
                                    }
                                }));
    }
}
