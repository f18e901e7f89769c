package dev.gantry.orchestrator.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of metrics in {@code docs/operations.md}: name, type, unit, tags. */
public final class DocumentedMetrics {
    private static final Path PAGE = Path.of("../docs/operations.md");
    private static final Pattern ROW =
            Pattern.compile("\\| `(gantry\\.[a-z.]+)` \\| (\\w+) \\| (\\w*) ?\\| ([^|]*)\\|.*");

    private DocumentedMetrics() {}

    /** Compares the table with what there is, of those with such a name. */
    public static void assertListed(MeterRegistry registry, Predicate<String> name) {
        Set<String> there =
                registry.getMeters().stream()
                        .map(Meter::getId)
                        .filter(id -> id.getName().startsWith("gantry."))
                        .filter(id -> name.test(id.getName()))
                        .map(DocumentedMetrics::row)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed(name))
                .as("metrics in docs/operations.md (left) and metrics of the code (right)")
                .isEqualTo(there);
    }

    private static String row(Meter.Id id) {
        String unit = id.getBaseUnit();
        return "%s %s %s %s"
                .formatted(
                        id.getName(),
                        id.getType().name().toLowerCase(Locale.ROOT),
                        unit == null ? "" : unit,
                        id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet()).stream()
                                .sorted()
                                .collect(Collectors.joining(" ")));
    }

    private static Set<String> listed(Predicate<String> name) {
        Set<String> listed = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(PAGE)) {
                Matcher row = ROW.matcher(line);
                if (row.matches() && name.test(row.group(1))) {
                    String tags =
                            Pattern.compile("`(\\w+)`")
                                    .matcher(row.group(4))
                                    .results()
                                    .map(tag -> tag.group(1))
                                    .sorted()
                                    .collect(Collectors.joining(" "));
                    listed.add(
                            "%s %s %s %s"
                                    .formatted(row.group(1), row.group(2), row.group(3), tags));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return listed;
    }
}
