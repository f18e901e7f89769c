package dev.gantry.process;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An adapter's settings, read with errors that name the setting, its value and what is expected.
 */
public final class Settings {
    private final String kind;
    private final Map<String, String> values;

    /**
     * @param kind the adapter's
     * @param known the names that there are; any other is refused
     */
    public Settings(String kind, Map<String, String> values, Set<String> known) {
        for (String name : new TreeSet<>(values.keySet())) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "setting '%s' is unknown; expected is one of %s"
                                .formatted(name, new TreeSet<>(known)));
            }
        }
        this.kind = kind;
        this.values = Map.copyOf(values);
    }

    /** What the settings' names begin with, such as {@code gantry.adapters.docker}. */
    public String prefix() {
        return "gantry.adapters." + kind;
    }

    public @Nullable String text(String name) {
        return values.get(name);
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public boolean flag(String name, boolean otherwise) {
        String text = values.getOrDefault(name, Boolean.toString(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong(name, "true or false");
        }
        return Boolean.parseBoolean(text);
    }

    /** Items with commas between them; empty ones are none. */
    public List<String> list(String name, String otherwise) {
        return Stream.of(text(name, otherwise).split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    public int number(String name, int otherwise, int least, int most) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is out of range.
        }
        throw wrong(name, "a number from %d to %d".formatted(least, most));
    }

    /** For what an adapter finds by itself. */
    public IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(
                "setting '%s' is '%s'; expected is %s".formatted(name, values.get(name), expected));
    }
}
