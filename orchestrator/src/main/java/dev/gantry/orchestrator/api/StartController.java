package dev.gantry.orchestrator.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.api.Bodies.ExecutionBody;
import dev.gantry.orchestrator.api.Bodies.StartBody;
import dev.gantry.orchestrator.api.Bodies.StartDefinition;
import dev.gantry.orchestrator.api.Bodies.StartedBody;
import dev.gantry.orchestrator.database.DatabaseWatch;
import dev.gantry.orchestrator.execution.Executions;
import dev.gantry.orchestrator.id.DefinitionKind;
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
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Starts executions. */
@Tag(name = "Executions")
@RestController
final class StartController {
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?=$|[,;])");
    private static final int LONGEST_KEY = 255;
    private static final Duration DURABLE = Duration.ofSeconds(30);

    /** Between two looks at whether the database that would confirm a start is there. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Executions executions;
    private final ApiSettings settings;
    private final OpenRequests open;
    private final Traceparent traceparent;
    private final DatabaseWatch database;

    StartController(
            Executions executions,
            ApiSettings settings,
            OpenRequests open,
            Traceparent traceparent,
            DatabaseWatch database) {
        this.executions = executions;
        this.settings = settings;
        this.open = open;
        this.traceparent = traceparent;
        this.database = database;
    }

    @Operation(
            summary = "Start an execution",
            description =
                    "With 'Prefer: wait=SECONDS' the answer is the execution: 200 once it has"
                            + " ended, 202 if it has not within the time. A repeated start with"
                            + " the same Idempotency-Key gives the first execution.",
            responses = {
                @ApiResponse(
                        responseCode = "200",
                        description = "It has ended",
                        content = @Content(schema = @Schema(implementation = ExecutionBody.class))),
                @ApiResponse(
                        responseCode = "201",
                        description = "Started; its id",
                        content = @Content(schema = @Schema(implementation = StartedBody.class))),
                @ApiResponse(
                        responseCode = "202",
                        description = "It goes on",
                        content = @Content(schema = @Schema(implementation = ExecutionBody.class)))
            })
    @Requires(Permission.EXECUTE)
    @Refuses({
        ProblemCode.DEFINITION_NOT_FOUND,
        ProblemCode.DEFINITION_DISABLED,
        ProblemCode.INPUT_TOO_LARGE,
        ProblemCode.INPUT_INVALID,
        ProblemCode.IDEMPOTENCY_KEY_REUSED,
        ProblemCode.ADAPTER_DISCONNECTED,
        ProblemCode.OVERLOADED
    })
    @PostMapping("/v1/executions")
    ResponseEntity<Object> start(
            Caller caller,
            @RequestBody StartBody body,
            @Parameter(description = "at most 255 characters, remembered for 7 days by default")
                    @RequestHeader(value = "Idempotency-Key", required = false)
                    @Nullable String idempotencyKey,
            @Parameter(description = "wait=SECONDS")
                    @RequestHeader(value = "Prefer", required = false)
                    @Nullable String prefer,
            @RequestHeader(value = "traceparent", required = false) @Nullable String trace)
            throws ExecutionException {
        Executions.StartRequest request =
                request(caller, body, checked(idempotencyKey), traceparent.of(trace));
        Duration wait = wait(prefer);
        try (OpenRequests.Ticket _ = open.waiting()) {
            return wait == null ? started(request) : ran(request, wait);
        } catch (InterruptedException _) {
            throw new Refusal(
                    ProblemCode.UNAVAILABLE,
                    "The server stops. Whether the execution was started is not known; repeat"
                            + " the request with the same Idempotency-Key to find out.");
        } catch (TimeoutException _) {
            throw new Refusal(
                    ProblemCode.UNAVAILABLE,
                    "Not confirmed within %d s; repeat it with the same Idempotency-Key."
                            .formatted(DURABLE.toSeconds()));
        }
    }

    private ResponseEntity<Object> started(Executions.StartRequest request)
            throws ExecutionException, InterruptedException, TimeoutException {
        Executions.Started started = answer(executions.start(request), DURABLE);
        return located(HttpStatus.CREATED, started).body(new StartedBody(started.id().toString()));
    }

    private ResponseEntity<Object> ran(Executions.StartRequest request, Duration wait)
            throws ExecutionException, InterruptedException, TimeoutException {
        Executions.Ran ran = answer(executions.run(request, wait), wait.plus(DURABLE));
        boolean ended = ran.view().summary().status().isTerminal();
        return located(ended ? HttpStatus.OK : HttpStatus.ACCEPTED, ran.started())
                .header("Preference-Applied", "wait=" + wait.toSeconds())
                .body(ExecutionBody.of(ran.view()));
    }

    /** Waits no longer than the database is there: a start is in doubt while it is not. */
    private <T> T answer(Future<T> pending, Duration most)
            throws ExecutionException, InterruptedException, TimeoutException {
        long until = System.nanoTime() + most.toNanos();
        while (true) {
            long left = until - System.nanoTime();
            try {
                return pending.get(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (database.trouble().isPresent()) {
                    throw new Refusal(
                            ProblemCode.UNAVAILABLE,
                            "The database does not answer. Whether the execution was started is"
                                    + " not known; repeat the request with the same"
                                    + " Idempotency-Key to find out.");
                }
                if (left <= LOOK.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private static ResponseEntity.BodyBuilder located(
            HttpStatus status, Executions.Started started) {
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status)
                        .location(URI.create("/v1/executions/" + started.id()));
        return started.created() ? answer : answer.header("Idempotency-Replayed", "true");
    }

    private static @Nullable String correlation(@Nullable String id) {
        if (id != null
                && (id.length() > LONGEST_KEY || id.chars().anyMatch(Character::isISOControl))) {
            throw new Refusal(
                    ProblemCode.BODY_INVALID,
                    "'correlationId' has more than %d characters or a control character."
                            .formatted(LONGEST_KEY));
        }
        return id;
    }

    private static Executions.StartRequest request(
            Caller caller,
            StartBody body,
            @Nullable String idempotencyKey,
            @Nullable String traceparent) {
        StartDefinition definition = body.definition();
        if (definition == null) {
            throw ExecutionController.missing("definition", "{namespace, name, version?}");
        }
        String namespace = definition.namespace();
        String name = definition.name();
        if (namespace == null || name == null) {
            throw ExecutionController.missing(
                    namespace == null ? "definition/namespace" : "definition/name", "a string");
        }
        return new Executions.StartRequest(
                caller.tenant(),
                caller.initiator(),
                kind(definition.kind()),
                namespace,
                name,
                definition.version(),
                body.input() == null ? JsonNodeFactory.instance.objectNode() : body.input(),
                correlation(body.correlationId()),
                idempotencyKey,
                traceparent);
    }

    private static DefinitionKind kind(@Nullable String text) {
        return text == null
                ? DefinitionKind.WORKFLOW
                : Parameters.choice(
                        ProblemCode.BODY_INVALID,
                        "The body at /definition/kind",
                        text,
                        DefinitionKind.values(),
                        DefinitionKind::label);
    }

    private static @Nullable String checked(@Nullable String key) {
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw new Refusal(
                    ProblemCode.REQUEST_INVALID,
                    "The header Idempotency-Key has %d characters; expected are 1 to %d."
                            .formatted(key.strip().length(), LONGEST_KEY));
        }
        return key;
    }

    /** What {@code Prefer: wait} asks for, capped; null without it (RFC 7240). */
    private @Nullable Duration wait(@Nullable String prefer) {
        if (prefer == null) {
            return null;
        }
        Matcher wait = WAIT.matcher(prefer);
        if (!wait.find()) {
            return null;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return asked.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : asked;
    }
}
