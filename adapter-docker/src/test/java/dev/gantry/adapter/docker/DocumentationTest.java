package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    private static final Path PAGE = Path.of("../docs/adapters/docker.md");
    private static final Pattern TABLE =
            Pattern.compile("\\| setting under .*\\n\\|[-|]+\\n((?:\\|.*\\n)+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| .* \\| (.*) \\|");

    @Test
    void listsTheSettings() throws IOException {
        TreeSet<String> known = new TreeSet<>(DockerSettings.KNOWN);
        // Of every adapter, and read before this one is asked.
        known.remove("enabled");

        assertThat(documented().keySet()).isEqualTo(known);
    }

    @Test
    void statesTheDefaults() throws IOException {
        DockerSettings defaults = DockerSettings.of(Map.of());

        documented()
                .forEach((name, value) -> {
                    if (isWords(value)) {
                        // What has a default to be stated refuses nonsense, or is text of its own.
                        assertThat(DockerSettings.of(Map.of(name, "unix:///nonsense")))
                                .as("'%s' has no default to be stated", name)
                                .isNotEqualTo(defaults);
                    } else {
                        assertThat(DockerSettings.of(Map.of(name, value.replace("`", ""))))
                                .as("'%s' is %s", name, value)
                                .isEqualTo(defaults);
                    }
                });
    }

    @Test
    void refusesWhatIsNotOnThePage() {
        assertThatThrownBy(() -> DockerSettings.of(Map.of("hots", "unix:///run/docker.sock")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("setting 'hots' is unknown");
    }

    private static boolean isWords(String value) {
        return value.equals("none") || value.contains("`DOCKER_");
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        String table =
                TABLE.matcher(Files.readString(PAGE)).results().findFirst().orElseThrow().group(1);
        ROW.matcher(table).results().forEach(row -> documented.put(row.group(1), row.group(2)));
        return documented;
    }
}
