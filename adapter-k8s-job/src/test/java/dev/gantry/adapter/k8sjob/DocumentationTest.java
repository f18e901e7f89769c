package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.SettingsPage;
import dev.gantry.process.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings on the adapter's page are those that it reads, with its defaults. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/adapters/k8s-job.md");
    private final SettingsPage settings = new SettingsPage("k8s-job", "none", "its current one");

    DocumentationTest() throws IOException {}

    private static K8sSettings settings(Map<String, String> settings) {
        return K8sSettings.of(new Settings("k8s-job", settings, K8sSettings.KNOWN));
    }

    @Test
    void listsTheSettings() {
        settings.assertLists(K8sSettings.KNOWN);
    }

    @Test
    void statesTheDefaults() {
        settings.assertStatesDefaults(DocumentationTest::settings);
    }

    /** What the cluster is told that a failure is, is on the page. */
    @Test
    void listsTheAdaptersOwnCodes() throws IOException {
        String page = Files.readString(PAGE);
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Pattern.compile("\"(K8S_JOB_[A-Z_]+)\"")
                        .matcher(Files.readString(file))
                        .results()
                        .map(result -> result.group(1))
                        // Waits, and never fails by it.
                        .filter(code -> !code.equals("K8S_JOB_QUEUED"))
                        .forEach(code -> assertThat(page).contains("`" + code + "`"));
            }
        }
    }
}
