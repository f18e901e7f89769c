package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What the documentation shows is what the mock reads. */
class DocumentationTest {
    private static final Path PAGE = Path.of("../docs/adapters/local-mock.md");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void readsEveryScriptOnThePage() throws IOException {
        List<String> scripts =
                blocks().stream().filter(block -> !block.startsWith("function:")).toList();

        assertThat(scripts).hasSizeGreaterThan(2).allSatisfy(MockScript::parse);
    }

    @Test
    void readsEveryFunctionsBlockOnThePage() throws IOException {
        List<String> functions =
                blocks().stream().filter(block -> block.startsWith("function:")).toList();

        assertThat(functions)
                .isNotEmpty()
                .allSatisfy(function -> ScriptReader.binding(blockForTheMock(function)));
    }

    @Test
    void listsEveryCodeAsTheMockReportsIt() throws IOException {
        String page = Files.readString(PAGE);

        for (String row :
                page.lines().filter(line -> line.matches("\\| `[A-Z_`, ]+ \\|.*")).toList()) {
            String[] cells = row.split(" *\\| *", -1);
            for (String code : cells[1].replace("`", "").split(", ", -1)) {
                Ending.Error error = Errors.of(code, "message");
                assertThat(cells[2])
                        .as("actor of %s", code)
                        .isEqualTo(ScriptModule.camel(error.failure().actor()));
                assertThat(cells[3])
                        .as("retryable of %s", code)
                        .isEqualTo(error.failure().retryable() ? "yes" : "no");
                assertThat(cells[4])
                        .as("progress of %s", code)
                        .isEqualTo(ScriptModule.camel(error.failure().progress()));
                assertThat(cells[5])
                        .as("exit code of %s", code)
                        .isEqualTo(
                                error.process() == null
                                        ? ""
                                        : String.valueOf(error.process().code()));
            }
        }
    }

    @Test
    void listsTheSettingsOfTheMock() throws IOException {
        List<String> documented =
                Files.readString(PAGE)
                        .lines()
                        .dropWhile(line -> !line.startsWith("| setting under"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .map(line -> line.replaceAll("^\\| `([a-z-]+)`.*", "$1"))
                        .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(LocalMockProvider.SETTINGS);
        assertThat(Files.readString(PAGE))
                .contains("| %d |".formatted(LocalMock.Builder.DEFAULT_MAX_IN_FLIGHT));
    }

    private static List<String> blocks() throws IOException {
        return YAML.matcher(Files.readString(PAGE)).results().map(it -> it.group(1)).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> blockForTheMock(String function) {
        Map<String, Object> document = new Yaml().load(function);
        Map<String, Object> runtime =
                (Map<String, Object>) document.getOrDefault("runtime", Map.of());
        return (Map<String, Object>) runtime.getOrDefault("local-mock", Map.of("missing", "block"));
    }
}
