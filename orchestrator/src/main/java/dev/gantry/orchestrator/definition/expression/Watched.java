package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import net.thisptr.jackson.jq.path.ArrayIndexPath;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * A node of a program that pays for what it does.
 *
 * @param builds whether it makes values of its own, rather than passing on what there is
 */
record Watched(Expression node, boolean builds) implements Expression {

    @Override
    public void apply(
            Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
            throws JsonQueryException {
        Budget.spend();
        node.apply(
                scope,
                in,
                path,
                (value, where) -> {
                    Budget.spendOn(value);
                    if (builds) {
                        Budget.requireModest(value);
                    }
                    if (where instanceof ArrayIndexPath indexed) {
                        Budget.requireIndex(indexed.index);
                    }
                    output.emit(value, where);
                },
                requirePath);
    }

    @Override
    public String toString() {
        return node.toString();
    }

    /** An operator that looks at what it is given before it makes something huge of it. */
    record Operator(BinaryOperator operator) implements BinaryOperator {
        @Override
        public JsonNode apply(ObjectMapper mapper, JsonNode a, JsonNode b)
                throws JsonQueryException {
            switch (operator.image()) {
                case "*" -> {
                    requireRepeatable(a, b);
                    requireRepeatable(b, a);
                }
                case "+" -> {
                    if (a.isTextual() && b.isTextual()) {
                        Budget.requireLength(
                                (double) a.textValue().length() + b.textValue().length());
                    }
                }
                case "-" -> {
                    if (a.isArray() && b.isArray()) {
                        Budget.requireProduct(a, b);
                    }
                }
                default -> {}
            }
            return operator.apply(mapper, a, b);
        }

        private static void requireRepeatable(JsonNode text, JsonNode times) {
            if (text.isTextual() && times.isNumber()) {
                Budget.requireLength(text.textValue().length() * times.doubleValue());
            }
        }

        @Override
        public String image() {
            return operator.image();
        }
    }
}
