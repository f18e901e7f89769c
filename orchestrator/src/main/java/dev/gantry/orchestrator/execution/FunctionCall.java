package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.List;
import java.util.Set;

/** A directly invoked function as a workflow of one task. */
final class FunctionCall {
    private FunctionCall() {}

    static WorkflowPlan plan(DefinitionRef function) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.put(
                "call",
                function.namespace()
                        + "/"
                        + function.name()
                        + ":"
                        + function.version()
                        + "@default");
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("do").addObject().set("call", call);
        Task.Common common =
                new Task.Common(
                        "call",
                        "/do/0/call",
                        null,
                        DataFlow.IDENTITY,
                        null,
                        Directive.CONTINUE,
                        call);
        Scope main =
                new Scope(
                        "/do",
                        List.of(
                                new Task.CallFunction(
                                        common, function, null, Task.Placement.DEFAULT)));
        return new WorkflowPlan(
                function,
                DataFlow.IDENTITY,
                null,
                main,
                List.of(function),
                List.of(),
                null,
                Set.of(),
                document);
    }
}
