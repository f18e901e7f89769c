package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compiles values of documents to templates; the frequent forms need no jq at all. */
public final class Templates {
    private static final Pattern PATH =
            Pattern.compile("(\\$[A-Za-z_][A-Za-z0-9_]*)?((?:\\.[A-Za-z_][A-Za-z0-9_]*)*)");

    /** RFC 6570, 2.3: a variable's name. */
    private static final String CHARACTER = "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})";

    private static final Pattern URI_VARIABLE =
            Pattern.compile("\\{(" + CHARACTER + "(?:\\.?" + CHARACTER + ")*)}");

    private static final String NOT_IN_URIS = " \"<>\\^`{|}";

    private Templates() {}

    /** Told about every expression that cannot be compiled. */
    public interface Faults {
        void broken(String pointer, String message);

        /** Told about every expression that was compiled. */
        default void compiled(String pointer, String program, Set<String> reads) {}

        /** Told about every text that is taken as it stands. */
        default void text(String pointer, String text) {}

        /** Whether a text without marks is an expression too, if it can be one. */
        default boolean isLoose() {
            return false;
        }
    }

    /**
     * Whether a text is an expression as the strict mode marks it: {@code ${ … }} and nothing
     * around.
     */
    public static boolean isExpression(String text) {
        String trimmed = text.strip();
        return trimmed.startsWith("${") && trimmed.endsWith("}");
    }

    /** A value: texts in {@code ${ }} are expressions, at any depth. */
    public static Template value(JsonNode value, String pointer, Faults faults) {
        if (value.isTextual()) {
            if (isExpression(value.textValue())) {
                return expression(value.textValue(), pointer, faults);
            }
            if (faults.isLoose()) {
                return loose(value, pointer, faults);
            }
            faults.text(pointer, value.textValue());
            return new Constant(value);
        }
        if (value.isObject()) {
            Map<String, Template> fields = new LinkedHashMap<>();
            value.properties()
                    .forEach(field ->
                            fields.put(
                                    field.getKey(),
                                    value(
                                            field.getValue(),
                                            pointer + "/" + escape(field.getKey()),
                                            faults)));
            return fields.values().stream().allMatch(Constant.class::isInstance)
                    ? new Constant(value)
                    : new Fields(fields, together(fields.values()));
        }
        if (value.isArray()) {
            List<Template> items = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                items.add(value(value.get(i), pointer + "/" + i, faults));
            }
            return items.stream().allMatch(Constant.class::isInstance)
                    ? new Constant(value)
                    : new Items(items, together(items));
        }
        return new Constant(value);
    }

    /** A text that is an expression whether or not it stands in {@code ${ }}. */
    public static Template expression(String text, String pointer, Faults faults) {
        String program = text.strip();
        if (isExpression(program)) {
            program = program.substring(2, program.length() - 1).strip();
        }
        try {
            Template path = path(program);
            Template compiled = path != null ? path : Jq.compile(program);
            faults.compiled(pointer, program, compiled.reads());
            return compiled;
        } catch (ExpressionException e) {
            faults.broken(pointer, String.valueOf(e.getMessage()) + marks(program));
            return new Constant(NullNode.getInstance());
        }
    }

    /** What cannot be an expression, or fails, is the text itself. */
    private static Template loose(JsonNode text, String pointer, Faults faults) {
        String program = text.textValue().strip();
        try {
            Template path = path(program);
            Template compiled = path != null ? path : Jq.compile(program);
            faults.compiled(pointer, program, compiled.reads());
            return new Loose(compiled, text);
        } catch (ExpressionException e) {
            faults.text(pointer, text.textValue());
            return new Constant(text);
        }
    }

    /** What is said of a program with marks in it, which jq has not. */
    private static String marks(String program) {
        if (!program.contains("${")) {
            boolean isOpen =
                    program.chars().filter(c -> c == '{').count()
                            > program.chars().filter(c -> c == '}').count();
            return isOpen ? "; a '}' is missing" : "";
        }
        return program.startsWith("${")
                ? "; the expression is not closed with '}'"
                : "; several expressions in a text are written ${ \"\\(.a) and \\(.b)\" }";
    }

    private static @Nullable Template path(String program) {
        if (program.equals(".")) {
            return (input, arguments) -> input;
        }
        Matcher matcher = PATH.matcher(program);
        if (program.isEmpty() || !matcher.matches()) {
            return null;
        }
        String variable = matcher.group(1);
        if (variable != null && (variable.equals("$ENV") || variable.startsWith("$__"))) {
            return null;
        }
        String fields = matcher.group(2);
        return new FieldPath(
                program,
                variable == null ? null : variable.substring(1),
                fields.isEmpty() ? List.of() : List.of(fields.substring(1).split("\\.", -1)));
    }

    /**
     * A text with {@code {name}} for top-level properties of the input (RFC 6570 simple expansion).
     */
    public static Template uri(String text, String pointer, Faults faults) {
        if (isExpression(text)) {
            return expression(text, pointer, faults);
        }
        String plain = literal(text);
        return URI_VARIABLE.matcher(plain).find()
                ? new Uri(plain)
                : new Constant(TextNode.valueOf(plain));
    }

    /** A text as {@link #uri} takes it, with {@code x} for each variable. */
    public static String example(String text) {
        return URI_VARIABLE.matcher(literal(text)).replaceAll("x");
    }

    /** Braces around what is no variable are sent, in the way in which a URI can have them. */
    private static String literal(String text) {
        if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
            return text;
        }
        Matcher variable = URI_VARIABLE.matcher(text);
        StringBuilder literal = new StringBuilder();
        int from = 0;
        while (variable.find()) {
            encode(text.substring(from, variable.start()), literal);
            literal.append(variable.group());
            from = variable.end();
        }
        encode(text.substring(from), literal);
        return literal.toString();
    }

    private static void encode(String part, StringBuilder to) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (NOT_IN_URIS.indexOf(c) >= 0) {
                to.append("%%%02X".formatted((int) c));
            } else {
                to.append(c);
            }
        }
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private record Constant(JsonNode value) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) {
            return value;
        }
    }

    private record Fields(Map<String, Template> fields, Set<String> reads) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
            return Budget.within(() -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, Template> field : fields.entrySet()) {
                    object.set(field.getKey(), field.getValue().evaluate(input, arguments));
                }
                return object;
            });
        }
    }

    private record Items(List<Template> items, Set<String> reads) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
            return Budget.within(() -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Template item : items) {
                    array.add(item.evaluate(input, arguments));
                }
                return array;
            });
        }
    }

    private static Set<String> together(Collection<Template> templates) {
        return templates.stream()
                .flatMap(template -> template.reads().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * {@code .a.b} or {@code $context.a}, as jq has it: null has every field, others are an error.
     */
    private record FieldPath(String program, @Nullable String variable, List<String> fields)
            implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
            JsonNode at = input;
            if (variable != null) {
                JsonNode value = arguments.get(variable);
                if (value == null) {
                    throw new ExpressionException(
                            "expression '%s': $%s is not defined here"
                                    .formatted(program, variable));
                }
                at = value;
            }
            for (String field : fields) {
                if (at.isNull()) {
                    return at;
                }
                if (!at.isObject()) {
                    throw new ExpressionException(
                            "expression '%s': %s"
                                    .formatted(
                                            program,
                                            Parts.cannotIndex(at, TextNode.valueOf(field))
                                                    .getMessage()));
                }
                JsonNode next = at.get(field);
                if (next == null) {
                    return NullNode.getInstance();
                }
                at = next;
            }
            return at;
        }

        @Override
        public Set<String> reads() {
            return variable == null ? Set.of() : Set.of(variable);
        }
    }

    private record Loose(Template expression, JsonNode text) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
            try {
                return expression.evaluate(input, arguments);
            } catch (SecretException e) {
                throw e;
            } catch (ExpressionException e) {
                return text;
            }
        }

        @Override
        public Set<String> reads() {
            return expression.reads();
        }
    }

    private record Uri(String text) implements Template {
        @Override
        public JsonNode evaluate(JsonNode input, Arguments arguments) throws ExpressionException {
            Matcher matcher = URI_VARIABLE.matcher(text);
            StringBuilder uri = new StringBuilder();
            while (matcher.find()) {
                JsonNode value = input.path(matcher.group(1));
                if (value.isContainerNode()) {
                    throw new ExpressionException(
                            "'{%s}' in '%s' stands for %s; a string, number, boolean or null is expected"
                                    .formatted(
                                            matcher.group(1),
                                            text,
                                            value.isObject() ? "an object" : "an array"));
                }
                String plain = value.isMissingNode() || value.isNull() ? "" : value.asText();
                matcher.appendReplacement(
                        uri,
                        Matcher.quoteReplacement(
                                java.net.URLEncoder.encode(
                                                plain, java.nio.charset.StandardCharsets.UTF_8)
                                        .replace("+", "%20")));
            }
            matcher.appendTail(uri);
            return TextNode.valueOf(uri.toString());
        }
    }
}
