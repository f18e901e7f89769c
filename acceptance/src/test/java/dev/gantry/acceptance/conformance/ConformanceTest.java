package dev.gantry.acceptance.conformance;

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
    void stop() {
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
        return scenarios(kit);
    }

    @TestFactory
    Stream<DynamicTest> passesItsOwnScenarios() {
        return scenarios("classpath:features");
    }

    private static Stream<DynamicTest> scenarios(String features) {
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
