package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.process.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The settings on the adapter's page are those that it reads, with its defaults. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/adapters/k8s-job.md");
    private static final Pattern TABLE =
            Pattern.compile("\\| setting under .*\\n\\|[-|]+\\n((?:\\|.*\\n)+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| .* \\| (.*) \\|");

    private static K8sSettings settings(Map<String, String> settings) {
        return K8sSettings.of(new Settings("k8s-job", settings, K8sSettings.KNOWN));
    }

    @Test
    void listsTheSettings() throws IOException {
        TreeSet<String> known = new TreeSet<>(K8sSettings.KNOWN);
        // Of every adapter, and read before this one is asked.
        known.remove("enabled");

        assertThat(documented().keySet()).isEqualTo(known);
    }

    @Test
    void statesTheDefaults() throws IOException {
        K8sSettings defaults = settings(Map.of());

        documented()
                .forEach((name, value) -> {
                    if (!value.equals("none") && !value.equals("its current one")) {
                        assertThat(settings(Map.of(name, value.replace("`", ""))))
                                .as("'%s' is %s", name, value)
                                .isEqualTo(defaults);
                    }
                });
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

    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        String table =
                TABLE.matcher(Files.readString(PAGE)).results().findFirst().orElseThrow().group(1);
        ROW.matcher(table).results().forEach(row -> documented.put(row.group(1), row.group(2)));
        return documented;
    }
}
