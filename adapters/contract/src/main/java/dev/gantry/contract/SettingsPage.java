package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** An adapter's page, whose settings are those that it reads, with its defaults. */
public final class SettingsPage {
    private static final Pattern TABLE =
            Pattern.compile("\\| setting under .*\\n\\|[-|]+\\n((?:\\|.*\\n)+)");
    private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| .* \\| (.*) \\|");

    private final Set<String> words;
    private final Map<String, String> documented = new TreeMap<>();

    /**
     * @param kind of the adapter, in a module beside the documentation
     * @param words that stand where a setting has no default that is a value
     */
    public SettingsPage(String kind, String... words) throws IOException {
        this.words = Set.of(words);
        String page = Files.readString(Path.of("../docs/adapters/%s.md".formatted(kind)));
        String table = TABLE.matcher(page).results().findFirst().orElseThrow().group(1);
        ROW.matcher(table).results().forEach(row -> documented.put(row.group(1), row.group(2)));
    }

    public void assertLists(Set<String> known) {
        Set<String> own = new TreeSet<>(known);
        // Of every adapter, and read before this one is asked.
        own.remove("enabled");
        assertThat(documented.keySet()).isEqualTo(own);
    }

    public void assertStatesDefaults(Function<Map<String, String>, ?> settings) {
        Object defaults = settings.apply(Map.of());
        documented.forEach((name, value) -> {
            if (!words.contains(value)) {
                assertThat(settings.apply(Map.of(name, value.replace("`", ""))))
                        .as("'%s' is %s", name, value)
                        .isEqualTo(defaults);
            }
        });
    }

    /** The settings whose default is no value. */
    public Set<String> withoutDefault() {
        Set<String> names = new TreeSet<>(documented.keySet());
        names.removeIf(name -> !words.contains(documented.get(name)));
        return names;
    }
}
