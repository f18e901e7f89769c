package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/** jq's {@code join}, which stops before the text becomes too long. */
final class Join implements Function {
    @Override
    public void apply(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            @Nullable Path path,
            PathOutput output,
            Version version)
            throws JsonQueryException {
        arguments.getFirst().apply(scope, in, separator -> output.emit(join(in, separator), null));
    }

    private static JsonNode join(JsonNode in, JsonNode separator) throws JsonQueryException {
        if (!in.isContainerNode()) {
            throw new JsonQueryException("Cannot iterate over %s".formatted(in.getNodeType()));
        }
        if (!separator.isTextual() && in.size() > 1) {
            throw new JsonQueryException("join: the separator is not a string");
        }
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (JsonNode item : in) {
            if (item.isContainerNode()) {
                throw new JsonQueryException(
                        "join: %s cannot be added to a string"
                                .formatted(item.isArray() ? "an array" : "an object"));
            }
            if (!first) {
                text.append(separator.textValue());
            }
            first = false;
            text.append(item.isNull() ? "" : item.asText());
            Budget.requireLength(text.length());
        }
        return TextNode.valueOf(text.toString());
    }
}
