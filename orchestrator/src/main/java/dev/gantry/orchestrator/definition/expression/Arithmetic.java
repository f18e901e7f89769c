package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.TreeSet;

/** jq's operators; whole numbers are exact within 64 bits, and beyond doubles as all others. */
enum Arithmetic {
    ADD("+", "added") {
        @Override
        JsonNode apply(JsonNode a, JsonNode b) {
            if (a.isNumber() && b.isNumber()) {
                if (Numbers.isLong(a) && Numbers.isLong(b)) {
                    long sum = a.longValue() + b.longValue();
                    if (((a.longValue() ^ sum) & (b.longValue() ^ sum)) >= 0) {
                        return Numbers.of(sum);
                    }
                }
                return Numbers.of(a.doubleValue() + b.doubleValue());
            }
            if (a.isNull()) {
                return b;
            }
            if (b.isNull()) {
                return a;
            }
            if (a.isTextual() && b.isTextual()) {
                Budget.requireLength((double) a.textValue().length() + b.textValue().length());
                return TextNode.valueOf(a.textValue() + b.textValue());
            }
            if (a.isArray() && b.isArray()) {
                return JsonNodeFactory.instance
                        .arrayNode(a.size() + b.size())
                        .addAll((ArrayNode) a)
                        .addAll((ArrayNode) b);
            }
            if (a.isObject() && b.isObject()) {
                ObjectNode sum = JsonNodeFactory.instance.objectNode();
                sum.setAll((ObjectNode) a);
                sum.setAll((ObjectNode) b);
                return sum;
            }
            throw impossible(a, b);
        }
    },
    SUBTRACT("-", "subtracted") {
        @Override
        JsonNode apply(JsonNode a, JsonNode b) {
            if (a.isNumber() && b.isNumber()) {
                if (Numbers.isLong(a) && Numbers.isLong(b)) {
                    long difference = a.longValue() - b.longValue();
                    if (((a.longValue() ^ b.longValue()) & (a.longValue() ^ difference)) >= 0) {
                        return Numbers.of(difference);
                    }
                }
                return Numbers.of(a.doubleValue() - b.doubleValue());
            }
            if (a.isArray() && b.isArray()) {
                TreeSet<JsonNode> without = new TreeSet<>(Order.SORTING);
                b.forEach(without::add);
                ArrayNode rest = JsonNodeFactory.instance.arrayNode();
                for (JsonNode item : a) {
                    if (!without.contains(item) || !Order.equal(item, item)) {
                        rest.add(item);
                    }
                }
                return rest;
            }
            throw impossible(a, b);
        }
    },
    MULTIPLY("*", "multiplied") {
        @Override
        JsonNode apply(JsonNode a, JsonNode b) {
            if (a.isNumber() && b.isNumber()) {
                if (Numbers.isLong(a) && Numbers.isLong(b)) {
                    long product = a.longValue() * b.longValue();
                    if (Math.multiplyHigh(a.longValue(), b.longValue()) == product >> 63) {
                        return Numbers.of(product);
                    }
                }
                return Numbers.of(a.doubleValue() * b.doubleValue());
            }
            if (a.isTextual() && b.isNumber()) {
                return repeat(a.textValue(), b.doubleValue());
            }
            if (a.isNumber() && b.isTextual()) {
                return repeat(b.textValue(), a.doubleValue());
            }
            if (a.isObject() && b.isObject()) {
                return merge((ObjectNode) a, (ObjectNode) b);
            }
            throw impossible(a, b);
        }
    },
    DIVIDE("/", "divided") {
        @Override
        JsonNode apply(JsonNode a, JsonNode b) {
            if (a.isNumber() && b.isNumber()) {
                if (b.doubleValue() == 0) {
                    throw new JqError("%s cannot be divided by zero".formatted(Shown.of(a)));
                }
                if (Numbers.isLong(a)
                        && Numbers.isLong(b)
                        && a.longValue() % b.longValue() == 0
                        && b.longValue() != -1) {
                    return Numbers.of(a.longValue() / b.longValue());
                }
                return Numbers.of(a.doubleValue() / b.doubleValue());
            }
            if (a.isTextual() && b.isTextual()) {
                return Texts.split(a.textValue(), b.textValue());
            }
            throw impossible(a, b);
        }
    },
    REMAINDER("%", "divided") {
        @Override
        JsonNode apply(JsonNode a, JsonNode b) {
            if (!a.isNumber() || !b.isNumber()) {
                throw impossible(a, b);
            }
            if (Double.isNaN(a.doubleValue()) || Double.isNaN(b.doubleValue())) {
                return Numbers.of(Double.NaN);
            }
            // Whole numbers only: what is beyond 64 bits is the largest that there is.
            long divisor = Numbers.isLong(b) ? b.longValue() : (long) b.doubleValue();
            long number = Numbers.isLong(a) ? a.longValue() : (long) a.doubleValue();
            if (divisor == 0) {
                throw new JqError(
                        "%s has no remainder when divided by %s, which is zero without its fraction"
                                .formatted(Shown.of(a), Shown.of(b)));
            }
            return Numbers.of(
                    Math.max(number, -Long.MAX_VALUE) % Math.max(divisor, -Long.MAX_VALUE));
        }
    };

    private final String sign;
    private final String done;

    Arithmetic(String sign, String done) {
        this.sign = sign;
        this.done = done;
    }

    abstract JsonNode apply(JsonNode a, JsonNode b);

    String sign() {
        return sign;
    }

    JqError impossible(JsonNode a, JsonNode b) {
        return new JqError("%s and %s cannot be %s".formatted(Shown.of(a), Shown.of(b), done));
    }

    private static JsonNode repeat(String text, double times) {
        if (!(times >= 0)) {
            return NullNode.getInstance();
        }
        double count = Math.floor(times);
        Budget.requireLength(text.length() * count);
        return TextNode.valueOf(text.isEmpty() ? "" : text.repeat((int) count));
    }

    private static ObjectNode merge(ObjectNode a, ObjectNode b) {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        merged.setAll(a);
        for (Map.Entry<String, JsonNode> field : b.properties()) {
            JsonNode before = a.get(field.getKey());
            boolean both = before instanceof ObjectNode && field.getValue() instanceof ObjectNode;
            merged.set(
                    field.getKey(),
                    both
                            ? merge((ObjectNode) before, (ObjectNode) field.getValue())
                            : field.getValue());
        }
        return merged;
    }
}
