package dev.gantry.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} has each code of the code, and none that is not there any more. */
class DocumentedErrorsTest {
    private static final Path PAGE = Path.of("../docs/errors.md");
    private static final Path OURS = Path.of("src/main/java/dev/gantry/orchestrator");
    private static final Path SPI = Path.of("../adapters/spi/src/main/java");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.+?) \\|.*");
    private static final Pattern FAULT = Pattern.compile("\"([A-Z]{4,}|[A-Z]+(?:_[A-Z]+)+)\"");
    private static final Pattern DEFECT = Pattern.compile("\"([a-z]+(?:-[a-z]+)+)\"");

    /** Codes of one word, which other texts are too. */
    private static final Set<String> SHORT_DEFECTS = Set.of("empty", "syntax");

    /** Upper case and no code: what processes are given, progress, methods and states of gRPC. */
    private static final Pattern OTHER =
            Pattern.compile(
                    "GANTRY_.*|LC_ALL|PG_VERSION|[A-Z]*_?TOTAL|NEVER_STARTED|ENDED|MAY_HAVE_COMMITTED"
                            + "|HEAD|POST|PATCH|DELETE|OPTIONS|CONNECT|TRACE|OTHER|TRACEPARENT|TRUE|FALSE"
                            + "|INTERNAL|ABORTED|DATA_LOSS|RESOURCE_EXHAUSTED|GRPC_[A-Z_]+|NULL");

    @Test
    void listsEveryProblemWithItsStatus() {
        Map<String, String> known =
                Arrays.stream(ProblemCode.values())
                        .collect(
                                Collectors.toMap(
                                        ProblemCode::name,
                                        code -> Integer.toString(code.status()),
                                        (a, _) -> a,
                                        TreeMap::new));

        assertThat(rows("## Refused requests")).isEqualTo(known);
    }

    @Test
    void listsEveryFault() {
        Set<String> known = new TreeSet<>();
        for (String folder : List.of("engine", "execution", "runner")) {
            known.addAll(literals(OURS.resolve(folder), FAULT));
        }
        known.addAll(literals(SPI, FAULT));
        known.removeIf(code -> OTHER.matcher(code).matches());
        Set<String> listed = new TreeSet<>(rows("## Faults of executions").keySet());
        listed.removeIf(code -> code.contains("<"));

        assertThat(listed).isEqualTo(known);
    }

    @Test
    void listsEveryDefectOfADocument() {
        Set<String> known = new TreeSet<>(SHORT_DEFECTS);
        known.addAll(literals(OURS.resolve("definition/compile"), DEFECT));
        known.addAll(literals(OURS.resolve("definition/document"), DEFECT));

        assertThat(rows("## Problems of documents").keySet()).isEqualTo(known);
    }

    /** The first column and the second. */
    private static Map<String, String> rows(String heading) {
        Map<String, String> rows = new TreeMap<>();
        boolean here = false;
        for (String line : text(PAGE).lines().toList()) {
            here = line.startsWith("## ") ? line.equals(heading) : here;
            var row = ROW.matcher(line);
            if (here && row.matches()) {
                assertThat(rows.put(row.group(1), row.group(2))).as(line).isNull();
            }
        }
        return rows;
    }

    private static Set<String> literals(Path folder, Pattern pattern) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file ->
                            pattern.matcher(text(file)).results().map(DocumentedErrorsTest::name))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(MatchResult literal) {
        return literal.group(1);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
