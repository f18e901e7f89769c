package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.ErrorFilter;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans for tests of the engine, without a parser: a task's pointer is its path of names. */
public final class PlanBuilder {
    public static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PlanBuilder() {}

    public interface Value {
        JsonNode of(JsonNode input, Arguments arguments) throws ExpressionException;
    }

    public static Template value(Value value) {
        return value::of;
    }

    public static Template constant(JsonNode value) {
        return (input, arguments) -> value;
    }

    public static WorkflowPlan workflow(String name, Task... tasks) {
        return workflow(name, null, tasks);
    }

    public static WorkflowPlan workflow(String name, @Nullable Duration timeout, Task... tasks) {
        return new WorkflowPlan(
                new DefinitionRef(DefinitionKind.WORKFLOW, "test", name, "1.0.0"),
                DataFlow.IDENTITY,
                timeout == null ? null : DurationTemplate.of(timeout),
                scope(tasks),
                List.of(),
                List.of(),
                null,
                Set.of(),
                JSON.objectNode());
    }

    public static Scope scope(Task... tasks) {
        return new Scope("", List.of(tasks));
    }

    public static Task.Common common(String name) {
        return common(name, Directive.CONTINUE);
    }

    public static Task.Common common(String name, Directive then) {
        return new Task.Common(
                name, "/" + name, null, DataFlow.IDENTITY, null, then, JSON.objectNode());
    }

    public static Task.Common withTimeout(String name, Duration timeout) {
        return new Task.Common(
                name,
                "/" + name,
                null,
                DataFlow.IDENTITY,
                DurationTemplate.of(timeout),
                Directive.CONTINUE,
                JSON.objectNode());
    }

    public static Task set(String name, Value value) {
        return new Task.Set(common(name), value(value));
    }

    public static Task call(String name, String function) {
        return new Task.CallFunction(common(name), ref(function), null, Task.Placement.DEFAULT);
    }

    public static DefinitionRef ref(String function) {
        return new DefinitionRef(DefinitionKind.FUNCTION, "test", function, "1.0.0");
    }

    public static Task fork(String name, boolean compete, Task... branches) {
        return new Task.Fork(common(name), List.of(branches), compete);
    }

    public static Task sequence(String name, Task... tasks) {
        return new Task.Do(common(name), scope(tasks));
    }

    public static Task pause(String name, Duration duration) {
        return new Task.Wait(common(name), DurationTemplate.of(duration));
    }

    public static Task attempt(
            String name, @Nullable RetryPolicy retry, @Nullable Scope handler, Task... tasks) {
        return new Task.Try(
                common(name),
                scope(tasks),
                new Task.Try.Catch(ErrorFilter.ANY, "error", null, null, retry, handler, null));
    }

    public static Task raise(String name, int status) {
        return new Task.Raise(
                common(name),
                constant(JSON.textNode("https://example.com/errors/test")),
                constant(JSON.numberNode(status)),
                constant(JSON.textNode("Raised")),
                null,
                null);
    }

    public static RetryPolicy retry(int count, Duration delay) {
        return new RetryPolicy(
                null,
                null,
                DurationTemplate.of(delay),
                RetryPolicy.Backoff.CONSTANT,
                null,
                null,
                count,
                null,
                null);
    }

    public static FunctionPlan function(
            DefinitionRef ref, boolean idempotent, @Nullable RetryPolicy retry) {
        return new FunctionPlan(
                ref,
                RuntimeClass.FAAS,
                Map.of(),
                null,
                null,
                null,
                FunctionPlan.Resources.DEFAULT,
                idempotent,
                retry,
                List.of(),
                List.of(),
                Map.of());
    }

    public static JsonNode append(JsonNode list, String text) {
        List<JsonNode> all = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(all::add);
        }
        all.add(JSON.textNode(text));
        return JSON.arrayNode().addAll(all);
    }
}
