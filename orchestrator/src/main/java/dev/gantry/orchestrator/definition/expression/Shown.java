package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How messages name values: {@code number (1)}. */
final class Shown {
    static final int LENGTH = 60;

    private Shown() {}

    static String of(JsonNode value) {
        return value.isNull() ? "null" : "%s (%s)".formatted(type(value), json(value, LENGTH));
    }

    static String type(JsonNode value) {
        return value.isMissingNode() ? "null" : value.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    static String json(JsonNode value, int length) {
        String text = JsonText.of(value, length + 1);
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }
}
