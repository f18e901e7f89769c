package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.api.Bodies.ArtifactBody;
import dev.gantry.orchestrator.api.Bodies.LogBody;
import dev.gantry.orchestrator.api.Bodies.Page;
import dev.gantry.orchestrator.execution.ArtifactView;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.problem.ProblemCode;
import dev.gantry.orchestrator.problem.Refusal;
import dev.gantry.orchestrator.security.Caller;
import dev.gantry.orchestrator.security.Permission;
import dev.gantry.orchestrator.security.Requires;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** What the steps of an execution left: logs and files. */
@Tag(name = "Steps")
@RestController
final class StepController {
    private static final int DEFAULT_CHUNKS = 200;
    private static final int MOST_CHUNKS = 500;
    private static final Pattern STEP = Pattern.compile("[1-9][0-9]{0,8}");

    private final Executions executions;
    private final LogStream logs;

    StepController(Executions executions, LogStream logs) {
        this.executions = executions;
        this.logs = logs;
    }

    @Operation(
            summary = "Read the log of a step",
            description =
                    "In the order in which the chunks arrived, over all attempts. As text/plain"
                            + " every byte as it was written, as application/x-ndjson one chunk a"
                            + " line; with follow=true both go on until the step has ended. As"
                            + " application/json one page of chunks.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content = {
                                @Content(mediaType = MediaType.TEXT_PLAIN_VALUE),
                                @Content(
                                        mediaType = MediaType.APPLICATION_NDJSON_VALUE,
                                        schema = @Schema(implementation = LogBody.class)),
                                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE)
                            }))
    @Requires(Permission.READ)
    @Refuses({ProblemCode.STEP_NOT_FOUND, ProblemCode.TOO_MANY_STREAMS})
    @GetMapping("/v1/executions/{id}/steps/{step}/logs")
    void logs(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @PathVariable("step") String step,
            @RequestParam(value = "follow", required = false) @Nullable String follow,
            @Parameter(description = "the last sequence number that was seen")
                    @RequestParam(value = "after", required = false)
                    @Nullable String after,
            @Parameter(description = "chunks of a page")
                    @RequestParam(value = "limit", required = false)
                    @Nullable String limit,
            @Parameter(hidden = true) @RequestHeader(value = HttpHeaders.ACCEPT, required = false)
                    @Nullable String accept,
            HttpServletResponse response)
            throws IOException, HttpMediaTypeNotAcceptableException {
        LogStream.Log log = new LogStream.Log(caller.tenant(), id, number(id, step));
        long from = Parameters.number("after", after, -1, 0, Long.MAX_VALUE - 1) + 1;
        MediaType form = LogStream.form(accept);
        if (form.equals(MediaType.APPLICATION_JSON)) {
            int most = (int) Parameters.number("limit", limit, DEFAULT_CHUNKS, 1, MOST_CHUNKS);
            logs.writePage(log, from, most, response);
        } else {
            logs.write(log, from, Parameters.flag("follow", follow), form, response);
        }
    }

    @Operation(summary = "List the output files of a step")
    @Requires(Permission.READ)
    @Refuses(ProblemCode.STEP_NOT_FOUND)
    @GetMapping("/v1/executions/{id}/steps/{step}/artifacts")
    Page<ArtifactBody> artifacts(
            Caller caller, @PathVariable("id") ExecutionId id, @PathVariable("step") String step) {
        LogStream.Log of = new LogStream.Log(caller.tenant(), id, number(id, step));
        List<ArtifactView> files = executions.artifacts(caller.tenant(), id, of.step());
        if (files.isEmpty()) {
            logs.require(of);
        }
        return new Page<>(
                files.stream().map(file -> ArtifactBody.of(file, href(of, file))).toList(), null);
    }

    private static String href(LogStream.Log of, ArtifactView file) {
        return "/v1/executions/%s/steps/%d/artifacts/content?path=%s"
                .formatted(
                        of.execution(),
                        of.step(),
                        UriUtils.encode(file.path(), StandardCharsets.UTF_8));
    }

    /** Steps have numbers from 1; whatever else stands there is none. */
    private static int number(ExecutionId execution, String step) {
        if (STEP.matcher(step).matches()) {
            return Integer.parseInt(step);
        }
        throw new Refusal(
                ProblemCode.STEP_NOT_FOUND,
                "Execution %s has no step %s.".formatted(execution, step));
    }

    @Operation(summary = "Download an output file of a step")
    @Requires(Permission.READ)
    @Refuses({ProblemCode.STEP_NOT_FOUND, ProblemCode.ARTIFACT_NOT_FOUND})
    @GetMapping(
            value = "/v1/executions/{id}/steps/{step}/artifacts/content",
            produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void artifact(
            Caller caller,
            @PathVariable("id") ExecutionId id,
            @PathVariable("step") String step,
            @RequestParam("path") String path,
            HttpServletResponse response)
            throws IOException {
        LogStream.Log of = new LogStream.Log(caller.tenant(), id, number(id, step));
        InputStream file =
                executions
                        .artifact(caller.tenant(), id, of.step(), path)
                        .orElseThrow(() -> {
                            logs.require(of);
                            return new Refusal(
                                    ProblemCode.ARTIFACT_NOT_FOUND,
                                    "Step %s of execution %s left no file '%s'."
                                            .formatted(step, id, path));
                        });
        try (file) {
            // Always a download: what a workload wrote must not run in a browser.
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment()
                            .filename(
                                    path.substring(path.lastIndexOf('/') + 1),
                                    StandardCharsets.UTF_8)
                            .build()
                            .toString());
            file.transferTo(response.getOutputStream());
        }
    }
}
