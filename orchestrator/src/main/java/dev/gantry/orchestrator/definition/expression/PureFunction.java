package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/** A built-in of ours: one result for its input and each combination of its arguments' results. */
record PureFunction(Body body) implements Function {
    @FunctionalInterface
    interface Body {
        JsonNode apply(JsonNode in, List<JsonNode> arguments) throws JsonQueryException;
    }

    @Override
    public void apply(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            @Nullable Path path,
            PathOutput output,
            Version version)
            throws JsonQueryException {
        call(scope, arguments, in, new ArrayList<>(), output);
    }

    private void call(
            Scope scope,
            List<Expression> arguments,
            JsonNode in,
            List<JsonNode> given,
            PathOutput output)
            throws JsonQueryException {
        if (given.size() == arguments.size()) {
            output.emit(body.apply(in, List.copyOf(given)), null);
            return;
        }
        arguments
                .get(given.size())
                .apply(
                        scope,
                        in,
                        value -> {
                            given.add(value);
                            call(scope, arguments, in, given, output);
                            given.removeLast();
                        });
    }
}
