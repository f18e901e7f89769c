package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link Template} can refer to. */
final class Values {
    static final List<String> NAMES =
            List.of(
                    "input",
                    "attempt",
                    "step",
                    "task",
                    "iteration",
                    "function",
                    "executionId",
                    "correlationId",
                    "idempotencyKey",
                    "tenant",
                    "initiator",
                    "traceparent");

    /** For templates that refer to nothing. */
    static final Values NONE = new Values(null);

    private final @Nullable Attempt attempt;
    private @Nullable JsonNode input;

    private Values(@Nullable Attempt attempt) {
        this.attempt = attempt;
    }

    static Values of(Attempt attempt) {
        return new Values(attempt);
    }

    JsonNode value(String name) {
        Attempt it = Objects.requireNonNull(attempt, "a template without holes has no values");
        StepContext context = it.context();
        return switch (name) {
            case "input" -> input(it);
            case "attempt" -> Json.tree(context.attempt());
            case "step" -> Json.tree(context.step());
            case "task" -> Json.tree(context.taskPointer());
            case "iteration" -> Json.tree(context.iteration());
            case "function" -> Json.tree(functionName(it.workload()));
            case "executionId" -> Json.tree(context.executionId());
            case "correlationId" -> Json.tree(context.correlationId());
            case "idempotencyKey" -> Json.tree(context.idempotencyKey());
            case "tenant" -> Json.tree(context.tenant());
            case "initiator" -> Json.tree(context.initiator());
            case "traceparent" -> Json.tree(context.traceparent());
            default -> MissingNode.getInstance();
        };
    }

    private JsonNode input(Attempt it) {
        if (input == null) {
            input = Json.read(it.input());
        }
        return input;
    }

    private static String functionName(Workload workload) {
        return switch (workload) {
            case Workload.Function function -> function.name();
            case Workload.Process process -> process.name();
            case Workload.Call call -> call.protocol();
        };
    }
}
