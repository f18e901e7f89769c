package dev.gantry.adapter.lambda;

import static org.assertj.core.api.Assertions.assertThat;

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
    private static final Path PAGE = Path.of("../docs/adapters/lambda.md");
    private static final Pattern TABLE =
            Pattern.compile("\\| setting under .*\\n\\|[-|]+\\n((?:\\|.*\\n)+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| .* \\| (.*) \\|");

    @Test
    void listsTheSettings() throws IOException {
        TreeSet<String> known = new TreeSet<>(LambdaSettings.KNOWN);
        // Of every adapter, and read before this one is asked.
        known.remove("enabled");

        assertThat(documented().keySet()).isEqualTo(known);
    }

    @Test
    void statesTheDefaults() throws IOException {
        LambdaSettings defaults = LambdaSettings.of(Map.of());

        documented()
                .forEach((name, value) -> {
                    if (!value.equals("none")) {
                        assertThat(LambdaSettings.of(Map.of(name, value)))
                                .as("'%s' is %s", name, value)
                                .isEqualTo(defaults);
                    }
                });
    }

    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        String table =
                TABLE.matcher(Files.readString(PAGE)).results().findFirst().orElseThrow().group(1);
        ROW.matcher(table).results().forEach(row -> documented.put(row.group(1), row.group(2)));
        return documented;
    }
}
