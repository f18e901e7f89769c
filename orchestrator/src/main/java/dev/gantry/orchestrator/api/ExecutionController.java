package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.api.Bodies.DecisionBody;
import dev.gantry.orchestrator.api.Bodies.EventBody;
import dev.gantry.orchestrator.api.Bodies.ExecutionBody;
import dev.gantry.orchestrator.api.Bodies.Page;
import dev.gantry.orchestrator.api.Bodies.ReasonBody;
import dev.gantry.orchestrator.api.Bodies.StepBody;
import dev.gantry.orchestrator.api.Bodies.SummaryBody;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.execution.ExecutionView;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.execution.Executions.Decision;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows and steers executions. */
@Tag(name = "Executions")
@RestController
final class ExecutionController {
    private final Executions executions;

    ExecutionController(Executions executions) {
        this.executions = executions;
    }

    @Operation(summary = "List executions, the newest first")
    @Requires(Permission.READ)
    @GetMapping("/v1/executions")
    Page<SummaryBody> list(
            Caller caller,
            @RequestParam(value = "definition", required = false) @Nullable String definition,
            @RequestParam(value = "status", required = false) @Nullable String status,
            @RequestParam(value = "initiator", required = false) @Nullable String initiator,
            @RequestParam(value = "correlationId", required = false) @Nullable String correlationId,
            @RequestParam(value = "startedAfter", required = false) @Nullable String startedAfter,
            @RequestParam(value = "startedBefore", required = false) @Nullable String startedBefore,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        Executions.Filter filter =
                new Executions.Filter(
                        Parameters.definition(definition),
                        Parameters.choice(
                                "status", status, ExecutionStatus.values(), ExecutionStatus::label),
                        initiator,
                        correlationId,
                        Parameters.instant("startedAfter", startedAfter),
                        Parameters.instant("startedBefore", startedBefore));
        int most = Parameters.limit(limit);
        return Parameters.page(
                after,
                () ->
                        Page.of(
                                executions.list(caller.tenant(), filter, after, most),
                                SummaryBody::of));
    }

    @Operation(summary = "Get an execution with its input, output and current tasks")
    @Requires(Permission.READ)
    @GetMapping("/v1/executions/{id}")
    ExecutionBody get(Caller caller, @PathVariable("id") ExecutionId id) {
        return ExecutionBody.of(
                executions
                        .find(caller.tenant(), id)
                        .orElseThrow(() ->
                                new Refusal(
                                        ProblemCode.EXECUTION_NOT_FOUND,
                                        "There is no execution %s.".formatted(id))));
    }

    @Operation(summary = "List everything that happened in an execution, the oldest first")
    @Requires(Permission.READ)
    @GetMapping("/v1/executions/{id}/history")
    Page<EventBody> history(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        return Parameters.page(
                after,
                () -> Page.of(executions.history(caller.tenant(), id, after, most), EventBody::of));
    }

    @Operation(
            summary = "Tell what became of an execution and its tasks, the oldest first",
            description =
                    "As the CloudEvents that the workflow language defines for it, with ids that never"
                            + " change.")
    @Requires(Permission.READ)
    @GetMapping("/v1/executions/{id}/lifecycle")
    Page<JsonNode> lifecycle(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        return Parameters.page(
                after,
                () ->
                        Page.of(
                                executions.lifecycle(caller.tenant(), id, after, most),
                                event -> event));
    }

    @Operation(summary = "List the steps of an execution with their attempts, by number")
    @Requires(Permission.READ)
    @GetMapping("/v1/executions/{id}/steps")
    Page<StepBody> steps(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @RequestParam(value = "limit", required = false) @Nullable String limit,
            @RequestParam(value = "after", required = false) @Nullable String after) {
        int most = Parameters.limit(limit);
        int last = (int) Parameters.number("after", after, 0, 0, Integer.MAX_VALUE);
        return Page.of(executions.steps(caller.tenant(), id, last, most), StepBody::of);
    }

    @Operation(summary = "Cancel: it is cancelled once every running step is confirmed dead")
    @Requires(Permission.OPERATE)
    @Refuses(ProblemCode.WRONG_STATUS)
    @PostMapping("/v1/executions/{id}:cancel")
    ExecutionBody cancel(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @RequestBody(required = false) @Nullable ReasonBody body) {
        return ExecutionBody.of(
                executions.cancel(caller.tenant(), id, caller.initiator(), reason(body)));
    }

    @Operation(summary = "Suspend: running steps end, no further ones start")
    @Requires(Permission.OPERATE)
    @Refuses(ProblemCode.WRONG_STATUS)
    @PostMapping("/v1/executions/{id}:suspend")
    ExecutionBody suspend(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @RequestBody(required = false) @Nullable ReasonBody body) {
        return ExecutionBody.of(
                executions.suspend(caller.tenant(), id, caller.initiator(), reason(body)));
    }

    @Operation(summary = "Resume a suspended execution")
    @Requires(Permission.OPERATE)
    @Refuses(ProblemCode.WRONG_STATUS)
    @PostMapping("/v1/executions/{id}:resume")
    ExecutionBody resume(Caller caller, @PathVariable("id") ExecutionId id) {
        return ExecutionBody.of(executions.resume(caller.tenant(), id, caller.initiator()));
    }

    @Operation(summary = "Take a faulted execution up again at the task that faulted")
    @Requires(Permission.OPERATE)
    @Refuses(ProblemCode.WRONG_STATUS)
    @PostMapping("/v1/executions/{id}:retry")
    ExecutionBody retry(Caller caller, @PathVariable("id") ExecutionId id) {
        return ExecutionBody.of(executions.retry(caller.tenant(), id, caller.initiator()));
    }

    @Operation(summary = "Decide about a step that may have taken effect")
    @Requires(Permission.OPERATE)
    @Refuses({ProblemCode.STEP_NOT_FOUND, ProblemCode.WRONG_STATUS})
    @PostMapping("/v1/executions/{id}:decide")
    ExecutionBody decide(
            Caller caller, @PathVariable("id") ExecutionId id, @RequestBody DecisionBody body) {
        Integer step = body.step();
        if (step == null) {
            throw missing("step", "the number of the step to decide about");
        }
        ExecutionView decided =
                executions.decide(caller.tenant(), id, caller.initiator(), step, decision(body));
        return ExecutionBody.of(decided);
    }

    private enum Choice {
        RERUN,
        ACCEPT,
        FAIL;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static Decision decision(DecisionBody body) {
        String text = body.decision();
        if (text == null) {
            throw missing("decision", "rerun, accept or fail");
        }
        Choice choice =
                Parameters.choice(
                        ProblemCode.BODY_INVALID,
                        "The body at /decision",
                        text,
                        Choice.values(),
                        Choice::label);
        JsonNode output = body.output();
        return switch (choice) {
            case RERUN -> new Decision.Rerun(body.reason());
            case ACCEPT ->
                    new Decision.Accept(
                            output == null ? JsonNodeFactory.instance.nullNode() : output,
                            body.reason());
            case FAIL -> new Decision.Fail(body.reason());
        };
    }

    static Refusal missing(String property, String expected) {
        return new Refusal(
                ProblemCode.BODY_INVALID,
                "The body has no '%s'; expected is %s.".formatted(property, expected));
    }

    private static @Nullable String reason(@Nullable ReasonBody body) {
        return body == null ? null : body.reason();
    }
}
