package dev.gantry.process;

import dev.gantry.spi.Quantities;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An object of a document, such as a function's binding: its values by their types, and everything
 * that is wrong with its form. What is wrong reads as if it were not there.
 */
public final class Block {
    private final Map<?, ?> values;
    private final String pointer;
    private final List<WorkloadProblem> problems;

    private Block(Map<?, ?> values, String pointer, List<WorkloadProblem> problems) {
        this.values = values;
        this.pointer = pointer;
        this.problems = problems;
    }

    /**
     * A whole binding.
     *
     * @param what for messages, such as {@code the docker block}
     * @param known its keys; any other is a problem
     */
    public static Block of(Map<String, Object> binding, String what, Collection<String> known) {
        return new Block(
                binding,
                "",
                new ArrayList<>(WorkloadProblem.unknownKeys(binding, "", what, known)));
    }

    /** What is wrong with what was read up to now, here and in the blocks within. */
    public List<WorkloadProblem> problems() {
        return List.copyOf(problems);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Any single value, in its text form. */
    public @Nullable String text(String key) {
        Object value = values.get(key);
        if (value == null || isScalar(value)) {
            return value == null ? null : value.toString();
        }
        wrong(key, value, "text");
        return null;
    }

    /** A list, or a single text that stands for a list of one. */
    public List<String> texts(String key) {
        Object value = values.get(key);
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                if (!isScalar(item)) {
                    wrongItem(key + "/" + i, key, item, "text");
                }
                texts.add(String.valueOf(item));
            }
        } else if (value != null && isScalar(value)) {
            texts.add(value.toString());
        } else if (value != null) {
            wrong(key, value, "a list of texts");
        }
        return texts;
    }

    /** Names and texts, such as variables or labels, sorted by name. */
    public Map<String, String> named(String key) {
        Map<String, String> named = new TreeMap<>();
        Object value = values.get(key);
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((name, content) -> {
                String text = String.valueOf(name);
                if (!isScalar(content)) {
                    wrongItem(key + "/" + WorkloadProblem.escaped(text), text, content, "text");
                }
                named.put(text, String.valueOf(content));
            });
        } else if (value != null) {
            wrong(key, value, "names and texts");
        }
        return named;
    }

    /**
     * One of the words that there are.
     *
     * @param words and what they mean
     */
    public <E> @Nullable E oneOf(String key, Map<String, E> words) {
        String written = text(key);
        if (written == null) {
            return null;
        }
        E meant = words.get(written);
        if (meant == null) {
            problem(
                    key,
                    "%s is '%s'".formatted(key, written),
                    "one of " + new TreeSet<>(words.keySet()),
                    WorkloadProblem.nearest(written, words.keySet())
                            .map("did you mean '%s'?"::formatted)
                            .orElse(null));
        }
        return meant;
    }

    public @Nullable Boolean flag(String key) {
        Object value = values.get(key);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        wrong(key, value, "true or false");
        return null;
    }

    public @Nullable Long number(String key, long least, long most) {
        String written = text(key);
        if (written == null) {
            return null;
        }
        try {
            long number = Long.parseLong(written);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number that is out of range.
        }
        wrong(key, written, "a number from %d to %d".formatted(least, most));
        return null;
    }

    /** A quantity such as {@code 256Mi}. */
    public @Nullable Long bytes(String key) {
        return quantity(key, Quantities::bytes, "a number of bytes such as 256Mi");
    }

    /** A quantity such as {@code 500m}. */
    public @Nullable Integer cpuMillis(String key) {
        return quantity(key, Quantities::cpuMillis, "a number of CPUs such as 500m or 0.5");
    }

    private interface Reading<E> {
        E of(String text);
    }

    private <E> @Nullable E quantity(String key, Reading<E> reading, String expected) {
        String written = text(key);
        if (written == null) {
            return null;
        }
        try {
            return reading.of(written);
        } catch (IllegalArgumentException | ArithmeticException e) {
            wrong(key, written, expected);
            return null;
        }
    }

    /** An object within; null if there is none. */
    public @Nullable Block block(String key, Collection<String> known) {
        Object value = values.get(key);
        if (value instanceof Map<?, ?> object) {
            return within(key, key, object, known);
        }
        if (value != null) {
            wrong(key, value, "an object");
        }
        return null;
    }

    /** A list of objects. */
    public List<Block> blocks(String key, Collection<String> known) {
        Object value = values.get(key);
        List<Block> blocks = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                if (item instanceof Map<?, ?> object) {
                    blocks.add(within(key + "/" + i, key, object, known));
                } else {
                    wrongItem(key + "/" + i, key, item, "an object");
                }
            }
        } else if (value != null) {
            wrong(key, value, "a list of objects");
        }
        return blocks;
    }

    private Block within(String path, String name, Map<?, ?> object, Collection<String> known) {
        String place = pointer + "/" + path;
        WorkloadProblem.unknownKeys(object, place, "'" + name + "'", known).forEach(this::add);
        return new Block(object, place, problems);
    }

    /** A key that must be there, and is not, or is empty. */
    public void missing(String key, String message, String mend) {
        boolean misspelt =
                problems.stream()
                        .map(WorkloadProblem::suggestion)
                        .filter(Objects::nonNull)
                        .anyMatch("did you mean '%s'?".formatted(key)::equals);
        if (!misspelt) {
            add(
                    new WorkloadProblem(
                            has(key) ? pointer + "/" + key : pointer,
                            message,
                            "'%s'".formatted(key),
                            mend));
        }
    }

    /** What an adapter finds by itself in one of the values. */
    public void problem(String key, String message, String expected, @Nullable String mend) {
        add(new WorkloadProblem(pointer + "/" + key, message, expected, mend));
    }

    /** What is read twice is wrong once. */
    private void add(WorkloadProblem problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private void wrong(String key, Object value, String expected) {
        wrongItem(key, key, value, expected);
    }

    private void wrongItem(String path, String what, @Nullable Object value, String expected) {
        String kind =
                switch (value) {
                    case null -> "nothing";
                    case Map<?, ?> _ -> "an object";
                    case List<?> _ -> "a list";
                    default -> "'%s'".formatted(value);
                };
        problem(path, "'%s' is %s".formatted(what, kind), expected, null);
    }

    private static boolean isScalar(@Nullable Object value) {
        return value != null && !(value instanceof Map) && !(value instanceof List);
    }
}
