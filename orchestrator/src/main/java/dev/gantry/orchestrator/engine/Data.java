package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The runtime arguments of expressions, as one place of an execution sees them.
 *
 * @param raw what the task gave, before {@code output.as}; null while it is not there
 * @param output the same, transformed
 */
record Data(
        ExecutionState state,
        Frame scope,
        @Nullable Frame task,
        JsonNode input,
        @Nullable JsonNode raw,
        @Nullable JsonNode output,
        @Nullable Task entering,
        Secrets secrets)
        implements Arguments {

    /** For expressions of the whole workflow. */
    static Data ofWorkflow(ExecutionState state, Frame root, JsonNode on) {
        return new Data(state, root, null, on, null, null, null, state.secrets);
    }

    /** For a task that is being entered below {@code scope}. */
    static Data entering(ExecutionState state, Frame scope, Task task, JsonNode raw) {
        return new Data(state, scope, null, raw, null, null, task, state.secrets);
    }

    static Data of(ExecutionState state, Frame frame) {
        return new Data(state, frame, frame, frame.input, null, null, null, state.secrets);
    }

    Data withOutput(JsonNode transformed) {
        return new Data(state, scope, task, input, raw, transformed, entering, secrets);
    }

    Data withRaw(JsonNode given) {
        return new Data(state, scope, task, input, given, output, entering, secrets);
    }

    Data withInput(JsonNode other) {
        return new Data(state, scope, task, other, raw, output, entering, secrets);
    }

    Data withSecrets(Secrets from) {
        return new Data(state, scope, task, input, raw, output, entering, from);
    }

    @Override
    public @Nullable JsonNode get(String name) throws ExpressionException {
        return switch (name) {
            case "context" -> state.context;
            case "input" -> input;
            case "output" -> output;
            case "workflow" -> workflow();
            case "task" -> describeTask();
            case "runtime" -> runtime();
            case "secrets" -> declaredSecrets();
            case "authorization" ->
                    task == null || task.task == null
                            ? null
                            : Credentials.authorization(task.task, input, this);
            default -> variable(name);
        };
    }

    /** Loop variables and caught errors, the innermost first. */
    private @Nullable JsonNode variable(String name) {
        Frame at = scope;
        Frame below = null;
        while (true) {
            if (at.compensates != 0) {
                return name.equals("compensated") ? compensated(at) : null;
            }
            if (at.task instanceof Task.For loop
                    && at.work instanceof Work.Branches rounds
                    && rounds.items != null
                    && below != null) {
                if (name.equals(loop.each())) {
                    return rounds.items.get(below.index);
                }
                if (name.equals(loop.at())) {
                    return IntNode.valueOf(below.index);
                }
            }
            if (at.work instanceof Work.Sequence work) {
                JsonNode found = variableOf(at, work, name);
                if (found != null) {
                    return found;
                }
            }
            if (at.id == Frame.ROOT) {
                return null;
            }
            below = at;
            at = state.frame(at.parent);
        }
    }

    /** {@code {input, output}} of the task that is undone. */
    private @Nullable JsonNode compensated(Frame frame) {
        Compensation undone = state.compensations.get(frame.compensates);
        if (undone == null) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("input", undone.input());
        node.set("output", undone.output());
        return node;
    }

    private static @Nullable JsonNode variableOf(Frame frame, Work.Sequence work, String name) {
        return switch (frame.task) {
            case Task.For loop when work.items != null && work.round >= 0 -> {
                if (name.equals(loop.each())) {
                    yield work.items.get(work.round);
                }
                yield name.equals(loop.at()) ? IntNode.valueOf(work.round) : null;
            }
            case Task.Listen listen
                    when listen.each() != null && work.listening != null && work.round >= 0 -> {
                if (name.equals(listen.each().item())) {
                    yield work.listening.events.get(work.round);
                }
                yield name.equals(listen.each().at()) ? IntNode.valueOf(work.round) : null;
            }
            case Task.Try attempt when name.equals(attempt.onError().as()) && work.caught != null ->
                    json(work.caught);
            case null, default -> null;
        };
    }

    /** All that the document declares: one that is missing is an error, not a null. */
    private JsonNode declaredSecrets() throws SecretException {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (String name : state.plan.secrets()) {
            all.set(name, secrets.get(name));
        }
        return all;
    }

    private JsonNode workflow() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", state.id.toString());
        node.set("definition", state.plan.document());
        node.set("input", state.started().input());
        node.set("startedAt", time(state.startedAt));
        return node;
    }

    private static JsonNode runtime() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", "gantry");
        node.put("version", "0.1.0");
        node.putObject("metadata");
        return node;
    }

    private @Nullable JsonNode describeTask() {
        JsonNode extended = describeExtended();
        if (extended != null) {
            return extended;
        }
        Task described = entering != null ? entering : task == null ? null : task.task;
        if (described == null) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", described.name());
        node.put("reference", described.pointer());
        node.set("definition", described.common().definition());
        if (task == null) {
            node.set("input", input);
        } else {
            node.set("input", rawInput(task));
            if (raw != null) {
                node.set("output", raw);
            }
            node.set("startedAt", time(task.startedAt));
        }
        return node;
    }

    /** Of an extended task, what is around it has its raw input. */
    private JsonNode rawInput(Frame frame) {
        Frame parent = state.frame(frame.parent);
        return parent.task instanceof Task.Extended && frame.id != Frame.ROOT
                ? parent.rawInput
                : frame.rawInput;
    }

    /**
     * Within an extension: the task that is extended, with its properties beside what describes it,
     * as the language's examples have it.
     */
    @SuppressWarnings("ReferenceEquality") // the very task, not one like it
    private @Nullable JsonNode describeExtended() {
        Frame below = null;
        Frame at = scope;
        while (!(at.task instanceof Task.Extended)) {
            if (at.id == Frame.ROOT || at.compensates != 0) {
                return null;
            }
            below = at;
            at = state.frame(at.parent);
        }
        Task.Extended extended = (Task.Extended) at.task;
        Task child = below != null ? below.task : entering;
        if (child == null || child == extended.task()) {
            return null;
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        JsonNode definition = extended.common().definition();
        definition.properties().forEach(field -> node.set(field.getKey(), field.getValue()));
        node.put("name", extended.name());
        node.put("reference", extended.pointer());
        node.set("definition", definition);
        node.set("input", at.rawInput);
        if (at.work instanceof Work.Sequence work && work.position > extended.at()) {
            node.set("output", work.value);
        } else {
            node.remove("output");
        }
        node.set("startedAt", time(at.startedAt));
        return node;
    }

    private static JsonNode time(Instant at) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("iso8601", at.toString());
        node.putObject("epoch")
                .put("seconds", at.getEpochSecond())
                .put("milliseconds", at.toEpochMilli());
        return node;
    }

    static JsonNode json(WorkflowError error) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", error.type());
        node.put("status", error.status());
        node.put("title", error.title());
        node.put("detail", error.detail());
        node.put("instance", error.instance());
        if (error.code() != null) {
            node.put("code", error.code());
        }
        return node;
    }
}
