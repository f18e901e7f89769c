package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A JSON value with holes. A string that is nothing but a hole, such as "${input.order.id}", stands
 * for the value itself; within other text, for the value as text. A doubled dollar sign before a
 * brace makes plain text of it.
 */
sealed interface Template {

    JsonNode fill(Values values);

    /** Whether it is the same for every attempt. */
    boolean isFixed();

    /**
     * @throws IllegalArgumentException naming a reference that does not exist, and the nearest one
     */
    static Template of(JsonNode value) {
        if (value.isTextual()) {
            return ofText(value.textValue());
        }
        if (value.isObject()) {
            Map<String, Template> members = new LinkedHashMap<>();
            value.properties().forEach(it -> members.put(it.getKey(), of(it.getValue())));
            boolean fixed = members.values().stream().allMatch(Template::isFixed);
            return fixed ? new Fixed(value) : new Members(members);
        }
        if (value.isArray()) {
            List<Template> items =
                    StreamSupport.stream(value.spliterator(), false).map(Template::of).toList();
            return items.stream().allMatch(Template::isFixed) ? new Fixed(value) : new Items(items);
        }
        return new Fixed(value);
    }

    private static Template ofText(String text) {
        Text parsed = Text.of(text);
        if (parsed.parts().size() == 1 && parsed.parts().getFirst() instanceof Reference only) {
            return only;
        }
        return parsed.isFixed() ? new Fixed(parsed.fill(Values.NONE)) : parsed;
    }

    /**
     * @param json the value as JSON, written once
     */
    record Fixed(JsonNode value, byte[] json) implements Template {
        Fixed(JsonNode value) {
            this(value, Json.bytes(value));
        }

        @Override
        public JsonNode fill(Values values) {
            return value;
        }

        @Override
        public boolean isFixed() {
            return true;
        }
    }

    record Members(Map<String, Template> members) implements Template {
        @Override
        public JsonNode fill(Values values) {
            ObjectNode object = Json.MAPPER.createObjectNode();
            members.forEach((name, member) -> object.set(name, member.fill(values)));
            return object;
        }

        @Override
        public boolean isFixed() {
            return false;
        }
    }

    record Items(List<Template> items) implements Template {
        @Override
        public JsonNode fill(Values values) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            items.forEach(item -> array.add(item.fill(values)));
            return array;
        }

        @Override
        public boolean isFixed() {
            return false;
        }
    }

    /** Text with holes. */
    record Text(List<Part> parts) implements Template {
        public Text {
            parts = List.copyOf(parts);
        }

        static Text of(String text) {
            return new Text(Part.split(text));
        }

        @Override
        public boolean isFixed() {
            return parts.stream().allMatch(Part.Plain.class::isInstance);
        }

        @Override
        public JsonNode fill(Values values) {
            return TextNode.valueOf(text(values));
        }

        String text(Values values) {
            StringBuilder text = new StringBuilder();
            parts.forEach(part -> text.append(part.text(values)));
            return text.toString();
        }

        byte[] bytes(Values values) {
            return text(values).getBytes(UTF_8);
        }
    }

    /** A hole that is the whole value. */
    record Reference(String name, List<String> path) implements Template, Part {
        public Reference {
            path = List.copyOf(path);
        }

        @Override
        public boolean isFixed() {
            return false;
        }

        @Override
        public JsonNode fill(Values values) {
            JsonNode node = values.value(name);
            for (String step : path) {
                node = node.isArray() ? node.path(index(step)) : node.path(step);
            }
            return node.isMissingNode() ? NullNode.getInstance() : node;
        }

        private static int index(String step) {
            return step.matches("\\d{1,9}") ? Integer.parseInt(step) : -1;
        }

        @Override
        public String text(Values values) {
            JsonNode value = fill(values);
            return value.isTextual() ? value.textValue() : value.toString();
        }
    }
}
