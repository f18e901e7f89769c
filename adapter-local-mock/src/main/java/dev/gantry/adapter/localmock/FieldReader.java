package dev.gantry.adapter.localmock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one map, and notes what is wrong or unknown among them. */
final class FieldReader {
    private static final Pattern WORD_START = Pattern.compile("_(.)");

    private final String what;
    private final Doc.Place place;
    private final Map<String, Doc.Entry> entries = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();
    private final List<Mistake> problems;

    /**
     * @param what for messages: the thing that has the fields
     */
    FieldReader(String what, Doc doc, List<Mistake> problems) {
        this.what = what;
        this.place = doc.place();
        this.problems = problems;
        if (doc instanceof Doc.Fields fields) {
            fields.entries().forEach(it -> entries.put(it.key(), it));
        } else {
            problem(doc, "%s is %s, a map expected".formatted(what, doc.shown()));
        }
    }

    void problem(Doc doc, String text) {
        problems.add(new Mistake(doc.place(), text));
    }

    void problem(String text) {
        problems.add(new Mistake(place, text));
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    @Nullable Doc doc(String key) {
        known.add(key);
        Doc.Entry entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /** Reads the field if it is there; an {@link IllegalArgumentException} becomes a problem. */
    void read(String key, Consumer<Doc> reader) {
        Doc doc = doc(key);
        if (doc == null) {
            return;
        }
        try {
            reader.accept(doc);
        } catch (IllegalArgumentException e) {
            problem(doc, "%s: %s".formatted(key, e.getMessage()));
        }
    }

    void text(String key, Consumer<String> reader) {
        read(key, doc -> reader.accept(scalar(doc)));
    }

    void duration(String key, Consumer<Duration> reader) {
        text(key, text -> reader.accept(Quantities.duration(text)));
    }

    void bytes(String key, Consumer<Long> reader) {
        text(key, text -> reader.accept(Quantities.bytes(text)));
    }

    void integer(String key, Consumer<Integer> reader) {
        text(key, text -> reader.accept(integer(text)));
    }

    void flag(String key, Consumer<Boolean> reader) {
        text(
                key,
                text -> {
                    if (!text.equals("true") && !text.equals("false")) {
                        throw new IllegalArgumentException(
                                "'%s' is neither true nor false".formatted(text));
                    }
                    reader.accept(Boolean.valueOf(text));
                });
    }

    <E extends Enum<E>> void choice(String key, Class<E> choices, Consumer<E> reader) {
        text(
                key,
                text ->
                        reader.accept(
                                choice(text, choices.getEnumConstants(), FieldReader::camel)));
    }

    /** The items of a list; a single value stands for a list of one. */
    void items(String key, Consumer<Doc> reader) {
        Doc doc = doc(key);
        if (doc == null) {
            return;
        }
        List<Doc> items = doc instanceof Doc.Items list ? list.items() : List.of(doc);
        for (Doc item : items) {
            try {
                reader.accept(item);
            } catch (IllegalArgumentException e) {
                problem(item, "%s: %s".formatted(key, e.getMessage()));
            }
        }
    }

    static String scalar(Doc doc) {
        if (doc instanceof Doc.Scalar scalar && scalar.value() != null) {
            return String.valueOf(scalar.value());
        }
        throw new IllegalArgumentException("%s, a single value expected".formatted(doc.shown()));
    }

    static int integer(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(
                    "'%s' is not a whole number from 0 to 999999999".formatted(text));
        }
        return Integer.parseInt(text);
    }

    static <E> E choice(String text, E[] choices, Function<E, String> name) {
        List<String> names = Stream.of(choices).map(name).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "'%s' is none of %s%s"
                            .formatted(text, String.join(", ", names), Mistake.hint(text, names)));
        }
        return choices[index];
    }

    /** {@code MAY_HAVE_COMMITTED} is {@code mayHaveCommitted} in scripts. */
    static String camel(Enum<?> constant) {
        String lower = constant.name().toLowerCase(Locale.ROOT);
        return WORD_START
                .matcher(lower)
                .replaceAll(start -> start.group(1).toUpperCase(Locale.ROOT));
    }

    /** To be called last: whatever nobody asked for is unknown. */
    void refuseOthers() {
        List<Doc.Entry> unknown = new ArrayList<>(entries.values());
        unknown.removeIf(it -> known.contains(it.key()));
        for (Doc.Entry it : unknown) {
            String nearest = Mistake.hint(it.key(), known);
            problems.add(
                    new Mistake(
                            it.place(),
                            "unknown key '%s' in %s%s"
                                    .formatted(
                                            it.key(),
                                            what,
                                            nearest.isEmpty()
                                                    ? "; known are " + String.join(", ", known)
                                                    : nearest),
                            nearest.isEmpty() ? null : nearest.substring(2)));
        }
    }
}
