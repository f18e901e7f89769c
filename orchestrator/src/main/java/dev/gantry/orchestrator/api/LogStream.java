package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.api.Bodies.LogBody;
import dev.gantry.orchestrator.api.Bodies.Page;
import dev.gantry.orchestrator.engine.StepStatus;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.execution.LogChunk;
import dev.gantry.orchestrator.execution.StepView;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import tools.jackson.databind.json.JsonMapper;

/** Writes the log of a step to a client, and stays with it while the step runs. */
@Component
final class LogStream {
    private static final int CHUNKS = 200;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Set<String> ENDED =
            Set.of(
                    StepStatus.SUCCEEDED.label(),
                    StepStatus.FAILED.label(),
                    StepStatus.CANCELLED.label());

    private static final List<MediaType> FORMS =
            List.of(MediaType.TEXT_PLAIN, MediaType.APPLICATION_NDJSON, MediaType.APPLICATION_JSON);

    private final Executions executions;
    private final OpenRequests open;
    private final JsonMapper mapper;

    LogStream(Executions executions, OpenRequests open, JsonMapper mapper) {
        this.executions = executions;
        this.open = open;
        this.mapper = mapper;
    }

    record Log(TenantId tenant, ExecutionId execution, int step) {}

    /** The form that the client likes best; text if it does not care. */
    static MediaType form(@Nullable String accept) throws HttpMediaTypeNotAcceptableException {
        if (accept == null) {
            return MediaType.TEXT_PLAIN;
        }
        List<MediaType> wanted = new ArrayList<>(MediaType.parseMediaTypes(accept));
        MimeTypeUtils.sortBySpecificity(wanted);
        wanted.sort(Comparator.comparingDouble(MediaType::getQualityValue).reversed());
        for (MediaType type : wanted) {
            for (MediaType form : FORMS) {
                if (type.includes(form)) {
                    return form;
                }
            }
        }
        throw new HttpMediaTypeNotAcceptableException(FORMS);
    }

    /** One page of chunks, with a cursor if there may be more. */
    void writePage(Log log, long from, int limit, HttpServletResponse response) throws IOException {
        List<LogChunk> chunks =
                executions.logs(log.tenant(), log.execution(), log.step(), from, limit);
        if (chunks.isEmpty()) {
            require(log);
        }
        Page<LogBody> page =
                new Page<>(
                        chunks.stream().map(LogBody::of).toList(),
                        chunks.size() < limit ? null : Long.toString(chunks.getLast().sequence()));
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(mapper.writeValueAsBytes(page));
    }

    /**
     * @param from sequence number of the first chunk
     * @param follow whether to stay until the step has ended
     * @param form text or lines of JSON
     */
    void write(Log log, long from, boolean follow, MediaType form, HttpServletResponse response)
            throws IOException {
        boolean lines = form.equals(MediaType.APPLICATION_NDJSON);
        try (OpenRequests.Ticket _ = open.streaming()) {
            // Before the first byte, so that what is refused is refused with a status.
            boolean ended = !follow || hasEnded(log);
            List<LogChunk> chunks = read(log, from);
            if (chunks.isEmpty() && !follow) {
                require(log);
            }
            response.setContentType(
                    lines ? MediaType.APPLICATION_NDJSON_VALUE : "text/plain;charset=UTF-8");
            OutputStream out = response.getOutputStream();
            out.flush();
            long next = from;
            Duration pause = SHORTEST_PAUSE;
            while (true) {
                for (LogChunk chunk : chunks) {
                    write(chunk, lines, out);
                    next = chunk.sequence() + 1;
                }
                if (!chunks.isEmpty()) {
                    out.flush();
                    pause = SHORTEST_PAUSE;
                } else if (ended) {
                    return;
                } else {
                    Thread.sleep(pause);
                    pause = longer(pause);
                    // First the status: what is stored when the step has ended is all there is.
                    ended = hasEnded(log);
                }
                chunks = read(log, next);
            }
        } catch (InterruptedException _) {
            // The server stops; the client goes on at another server with 'after'.
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private List<LogChunk> read(Log log, long from) {
        return executions.logs(log.tenant(), log.execution(), log.step(), from, CHUNKS);
    }

    private boolean hasEnded(Log log) {
        return ENDED.contains(require(log).status());
    }

    /** The step, which has to be there; what it left can be nothing. */
    StepView require(Log log) {
        return executions
                .step(log.tenant(), log.execution(), log.step())
                .orElseThrow(() ->
                        new Refused(
                                Refused.Code.STEP_NOT_FOUND,
                                "Execution %s has no step %d."
                                        .formatted(log.execution(), log.step())));
    }

    private void write(LogChunk chunk, boolean lines, OutputStream out) throws IOException {
        if (lines) {
            out.write(mapper.writeValueAsBytes(LogBody.of(chunk)));
            out.write('\n');
        } else {
            out.write(chunk.bytes());
        }
    }
}
