package dev.gantry.adapter.localmock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A piece of a text with holes. */
sealed interface Part permits Part.Plain, Template.Reference {
    Pattern HOLE = Pattern.compile("\\$?\\$\\{([^}]*)}");
    Pattern REFERENCE = Pattern.compile("([A-Za-z]\\w*)((?:\\.[\\w-]+|\\[\\d+]|\\[\"[^\"]+\"])*)");

    String text(Values values);

    record Plain(String plain) implements Part {
        @Override
        public String text(Values values) {
            return plain;
        }
    }

    /**
     * @throws IllegalArgumentException when something between braces refers to nothing
     */
    static List<Part> split(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher hole = HOLE.matcher(text);
        int end = 0;
        while (hole.find()) {
            plain(text.substring(end, hole.start()), parts);
            if (hole.group().startsWith("$$")) {
                plain(hole.group().substring(1), parts);
            } else {
                parts.add(reference(hole.group(1).strip()));
            }
            end = hole.end();
        }
        plain(text.substring(end), parts);
        return parts;
    }

    private static void plain(String text, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Plain(text));
        }
    }

    private static Template.Reference reference(String expression) {
        Matcher matcher = REFERENCE.matcher(expression);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'${%s}' is no reference; expected such as ${input.order.id}, ${input.items[0]} or ${attempt}"
                            .formatted(expression));
        }
        String name = matcher.group(1);
        if (!Values.NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "'${%s}' refers to nothing%s; known are %s"
                            .formatted(
                                    expression,
                                    Mistake.hint(name, Values.NAMES),
                                    String.join(", ", Values.NAMES)));
        }
        return new Template.Reference(name, path(matcher.group(2)));
    }

    private static List<String> path(String path) {
        return Arrays.stream(path.split("[.\\[\\]]+"))
                .map(step -> step.replace("\"", ""))
                .filter(step -> !step.isEmpty())
                .toList();
    }
}
