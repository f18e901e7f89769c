package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.api.Bodies.ExecutionBody;
import dev.gantry.orchestrator.execution.ExecutionView;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** An execution as a stream of server-sent events, one for each change. */
@Tag(name = "Executions")
@RestController
final class ExecutionEvents {
    private final Executions executions;
    private final ApiSettings settings;
    private final OpenRequests open;
    private final JsonMapper mapper;

    ExecutionEvents(
            Executions executions, ApiSettings settings, OpenRequests open, JsonMapper mapper) {
        this.executions = executions;
        this.settings = settings;
        this.open = open;
        this.mapper = mapper;
    }

    @Operation(
            summary = "Follow an execution",
            description =
                    "Server-sent events named 'changed', whose data is the execution and whose id"
                            + " is its change; changes close together come as one. The stream ends"
                            + " with the execution. A client that comes back with Last-Event-ID"
                            + " misses nothing.")
    @Requires(Permission.READ)
    @Refuses({ProblemCode.PARAMETER_INVALID, ProblemCode.TOO_MANY_STREAMS})
    @GetMapping(value = "/v1/executions/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void follow(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @Parameter(description = "the last change that was seen")
                    @RequestHeader(value = "Last-Event-ID", required = false)
                    @Nullable String last,
            HttpServletResponse response)
            throws IOException, ExecutionException {
        long seen = Parameters.number("Last-Event-ID", last, -1, 0, Long.MAX_VALUE);
        try (OpenRequests.Ticket _ = open.streaming()) {
            ExecutionView view = find(caller.tenant(), id);
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            // Proxies that buffer would hold events back.
            response.setHeader("X-Accel-Buffering", "no");
            OutputStream out = response.getOutputStream();
            out.flush();
            while (true) {
                if (view.change() > seen) {
                    out.write(event(view));
                    seen = view.change();
                } else {
                    out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
                }
                out.flush();
                if (view.summary().status().isTerminal()) {
                    return;
                }
                executions.changed(caller.tenant(), id, seen, settings.heartbeat()).get();
                view = find(caller.tenant(), id);
            }
        } catch (InterruptedException _) {
            // The server stops; the client comes back with Last-Event-ID.
        }
    }

    private ExecutionView find(TenantId tenant, ExecutionId id) {
        return executions
                .find(tenant, id)
                .orElseThrow(() ->
                        new Refusal(
                                ProblemCode.EXECUTION_NOT_FOUND,
                                "There is no execution %s.".formatted(id)));
    }

    private byte[] event(ExecutionView view) {
        return "id: %d\nevent: changed\ndata: %s\n\n"
                .formatted(view.change(), mapper.writeValueAsString(ExecutionBody.of(view)))
                .getBytes(StandardCharsets.UTF_8);
    }
}
