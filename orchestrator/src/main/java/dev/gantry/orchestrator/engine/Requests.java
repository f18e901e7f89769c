package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks its adapter for, worked out from its task. Where secrets are part of it, the
 * journal gets a mask in their place, and the request is worked out again for each attempt.
 */
final class Requests {
    static final JsonNode MASK = TextNode.valueOf("***");
    private static final Set<String> SECRET = Set.of("secrets", "authorization");

    /** Those whose header only the adapter can get. */
    private static final Set<String> BY_TOKEN = Set.of("oauth2", "oidc");

    /** What gets a mask. */
    private enum Masked {
        NOTHING,
        /** What asks for {@code $authorization}. */
        LATE,
        /** What asks for a secret, or for {@code $authorization}. */
        SECRET
    }

    private final Task task;
    private final JsonNode input;
    private final Arguments arguments;
    private final Masked masked;
    private final boolean isSealed;

    private Requests(Task task, JsonNode input, Arguments arguments, Masked masked) {
        this.task = task;
        this.input = input;
        this.arguments = arguments;
        this.masked = masked;
        this.isSealed = hasSealedInput(task);
    }

    /** Whether what the task gets as its input holds a secret, and the frame a mask. */
    static boolean hasSealedInput(Task task) {
        Template from = task.common().flow().inputFrom();
        return from != null && readsSecrets(from);
    }

    /** Whether a secret is part of the request. */
    static boolean isSecret(Task task) {
        return hasSealedInput(task)
                || templates(task).filter(Objects::nonNull).anyMatch(Requests::readsSecrets);
    }

    /** Whether a part of it can be worked out only when the adapter has got a token. */
    static boolean isLate(Task task) {
        Authentication authentication = Credentials.authentication(task);
        return authentication != null
                && BY_TOKEN.contains(authentication.scheme())
                && reads(task).contains("authorization");
    }

    /** The arguments that its parts ask for. */
    static Set<String> reads(Task task) {
        return templates(task)
                .filter(Objects::nonNull)
                .flatMap(template -> template.reads().stream())
                .collect(Collectors.toSet());
    }

    private static boolean readsSecrets(Template template) {
        Set<String> reads = template.reads();
        return !reads.isEmpty() && SECRET.stream().anyMatch(reads::contains);
    }

    private static Stream<@Nullable Template> templates(Task task) {
        return switch (task) {
            case Task.CallFunction call -> Stream.of(call.arguments());
            case Task.CallHttp call ->
                    Stream.of(
                            call.method(),
                            call.endpoint(),
                            call.headers(),
                            call.query(),
                            call.body());
            case Task.CallOpenApi call ->
                    Stream.of(call.document(), call.operation(), call.parameters());
            case Task.CallGrpc call ->
                    Stream.of(
                            call.proto(),
                            call.service(),
                            call.host(),
                            call.port(),
                            call.method(),
                            call.arguments());
            case Task.RunProcess run ->
                    Stream.of(
                            run.title(),
                            run.image(),
                            run.code(),
                            run.arguments(),
                            run.environment(),
                            run.stdin());
            default -> Stream.of();
        };
    }

    /** As the adapter gets it; with a mask in place of what is late. */
    static JsonNode plain(ExecutionState state, Frame frame) throws ExpressionException {
        return plain(state, frame, state.secrets);
    }

    static JsonNode plain(ExecutionState state, Frame frame, Secrets secrets)
            throws ExpressionException {
        Task task = frame.requireTask();
        try {
            JsonNode input = input(state, frame, secrets);
            Data data = Data.of(state, frame).withInput(input).withSecrets(secrets);
            Masked masked = isLate(task) ? Masked.LATE : Masked.NOTHING;
            return new Requests(task, input, data, masked).given();
        } catch (SecretException e) {
            throw e;
        } catch (ExpressionException e) {
            throw isSecret(task) ? unexplained() : e;
        }
    }

    /** As the adapter gets it, when all that it asks for is known. */
    static JsonNode late(Task task, JsonNode input, Arguments arguments)
            throws ExpressionException {
        try {
            return new Requests(task, input, arguments, Masked.NOTHING).given();
        } catch (ExpressionException _) {
            throw unexplained();
        }
    }

    /** The reason shows values. */
    private static ExpressionException unexplained() {
        return new ExpressionException(
                "the request cannot be worked out; why is not shown, since a secret is part of it");
    }

    private JsonNode given() throws ExpressionException {
        JsonNode request = request();
        boolean mayShow = task instanceof Task.CallHttp || task instanceof Task.CallOpenApi;
        if (isSecret(task) && mayShow && request instanceof ObjectNode fields) {
            // The adapter must not show what it was asked.
            fields.put("secret", true);
        }
        return request;
    }

    /** As the journal holds it. */
    static JsonNode masked(ExecutionState state, Frame frame) throws ExpressionException {
        Data data = Data.of(state, frame).withInput(input(state, frame, state.secrets));
        return masked(frame.requireTask(), frame.input, data);
    }

    static JsonNode masked(Task task, JsonNode input, Arguments arguments)
            throws ExpressionException {
        return new Requests(task, input, arguments, Masked.SECRET).request();
    }

    /** What a call proves itself with, or null. */
    static @Nullable JsonNode credentials(ExecutionState state, Frame frame, Secrets secrets)
            throws ExpressionException {
        return Credentials.of(
                frame.requireTask(),
                input(state, frame, secrets),
                Data.of(state, frame).withSecrets(secrets));
    }

    /** The task's input, with the secrets that its {@code input.from} asks for. */
    static JsonNode input(ExecutionState state, Frame frame, Secrets secrets)
            throws ExpressionException {
        Task task = frame.requireTask();
        Template from = task.common().flow().inputFrom();
        if (from == null || !readsSecrets(from)) {
            return frame.input;
        }
        Frame scope = state.frame(frame.parent);
        return from.evaluate(
                frame.rawInput,
                Data.entering(state, scope, task, frame.rawInput).withSecrets(secrets));
    }

    private JsonNode request() throws ExpressionException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        switch (task) {
            case Task.CallFunction call -> {
                if (masked == Masked.SECRET && isSecret(task)) {
                    return MASK;
                }
                return call.arguments() == null
                        ? input
                        : call.arguments().evaluate(input, arguments);
            }
            case Task.CallHttp call -> {
                set(request, "method", call.method());
                set(request, "endpoint", call.endpoint());
                set(request, "headers", call.headers());
                set(request, "query", call.query());
                set(request, "body", call.body());
                request.put("output", call.output().name().toLowerCase(Locale.ROOT));
                request.put("redirect", call.redirect());
            }
            case Task.CallOpenApi call -> {
                ObjectNode openApi = request.putObject("openapi");
                set(openApi, "document", call.document());
                set(openApi, "operationId", call.operation());
                set(openApi, "parameters", call.parameters());
                request.put("output", call.output().name().toLowerCase(Locale.ROOT));
                request.put("redirect", call.redirect());
            }
            case Task.CallGrpc call -> {
                ObjectNode grpc = request.putObject("grpc");
                set(grpc, "proto", call.proto());
                set(grpc, "service", call.service());
                set(grpc, "host", call.host());
                set(grpc, "port", call.port());
                set(grpc, "method", call.method());
                set(grpc, "arguments", call.arguments());
            }
            case Task.RunProcess run -> {
                set(request, "name", run.title());
                set(request, "image", run.image());
                set(request, "code", run.code());
                set(request, "arguments", run.arguments());
                set(request, "environment", run.environment());
                set(request, "stdin", run.stdin());
            }
            default ->
                    throw new IllegalStateException("task %s is no step".formatted(task.pointer()));
        }
        return request;
    }

    private void set(ObjectNode request, String field, @Nullable Template template)
            throws ExpressionException {
        if (template != null) {
            boolean hide =
                    switch (masked) {
                        case NOTHING -> false;
                        case LATE -> template.reads().contains("authorization");
                        case SECRET -> isSealed || readsSecrets(template);
                    };
            request.set(field, hide ? MASK : template.evaluate(input, arguments));
        }
    }
}
