package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Language;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.engine.Command.Ticket;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.LateRequest;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.mask.Mask;
import dev.gantry.orchestrator.runner.LateInput;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Quantities;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns a ticket of the engine into what an adapter gets. */
final class AttemptFactory {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration BEHIND = Duration.ofSeconds(30);

    private final ExecutionProperties properties;
    private final Catalog catalog;
    private final String installation;

    AttemptFactory(ExecutionProperties properties, Catalog catalog, String installation) {
        this.properties = properties;
        this.catalog = catalog;
        this.installation = installation;
    }

    /**
     * @throws IllegalArgumentException when the document asks for what cannot be built
     */
    Attempt build(Journal.Head head, @Nullable String traceparent, Ticket ticket) {
        long characters = ticket.hidden().stream().mapToLong(String::length).sum();
        if (characters > Mask.MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "the secrets that the workflow declares have %d characters together; only %d could be hidden in what comes back, so none is given out: declare fewer, or shorter ones"
                            .formatted(characters, Mask.MOST_CHARACTERS));
        }
        try {
            return make(head, traceparent, ticket);
        } catch (IllegalArgumentException e) {
            throw ticket.hidden().isEmpty()
                    ? e
                    // Not the cause: it may show what the message must not.
                    : new IllegalArgumentException(
                            Mask.of(ticket.hidden()).text(String.valueOf(e.getMessage())));
        }
    }

    private Attempt make(Journal.Head head, @Nullable String traceparent, Ticket ticket) {
        FunctionPlan function =
                ticket.task() instanceof Task.CallFunction call
                        ? catalog.function(head.tenant(), call.function())
                        : null;
        UUID id = head.id().value();
        String execution = id.toString();
        StepContext context =
                new StepContext(
                        installation,
                        head.tenant().value(),
                        execution,
                        ticket.step(),
                        ticket.task().pointer(),
                        ticket.iteration(),
                        ticket.attempt(),
                        head.correlationId() != null ? head.correlationId() : execution,
                        head.initiator().toString(),
                        key(execution, ticket),
                        traceparent);
        return new Attempt(
                context,
                externalName(id, ticket.step()),
                // What was not placed is a call of Gantry's own.
                ticket.runtimeClass() != null ? ticket.runtimeClass() : RuntimeClass.CALL,
                workload(ticket, function),
                input(ticket),
                limits(ticket, function),
                ticket.hidden());
    }

    /** What holds for the step, also before its attempt is built. */
    Capabilities capabilities(RunnerAdapter adapter, Journal.Head head, Ticket ticket) {
        try {
            FunctionPlan function =
                    ticket.task() instanceof Task.CallFunction call
                            ? catalog.function(head.tenant(), call.function())
                            : null;
            return adapter.capabilities(workload(ticket, function));
        } catch (IllegalArgumentException e) {
            // It cannot be built, and so never begins.
            return adapter.capabilities();
        }
    }

    private static String key(String execution, Ticket ticket) {
        if (ticket.key() != null) {
            return ticket.key();
        }
        String round = ticket.iteration().isEmpty() ? "" : "#" + ticket.iteration();
        return execution + ":" + ticket.task().pointer() + round;
    }

    /** Which adapters could take the step; null if it is not placed. */
    @Nullable Need need(Journal.Head head, Ticket ticket) {
        return switch (ticket.task()) {
            case Task.CallFunction call ->
                    call.placement().need(catalog.function(head.tenant(), call.function()));
            case Task.RunProcess run -> run.placement().need();
            default -> null;
        };
    }

    /** Of the function itself, besides its adapter's. */
    Runners.@Nullable Limit limit(Journal.Head head, Ticket ticket) {
        return ticket.task() instanceof Task.CallFunction call
                ? limit(head.tenant(), call.function())
                : null;
    }

    Runners.@Nullable Limit limit(TenantId tenant, DefinitionRef function) {
        Integer concurrency = catalog.function(tenant, function).resources().concurrency();
        return concurrency == null
                ? null
                : new Runners.Limit(
                        tenant.value() + " " + function, "function " + function, concurrency);
    }

    /** One per step, whatever the attempt: {@code g}, the execution's hex digits, the step. */
    static String externalName(UUID execution, int step) {
        HexFormat hex = HexFormat.of();
        return "g"
                + hex.toHexDigits(execution.getMostSignificantBits())
                + hex.toHexDigits(execution.getLeastSignificantBits())
                + "-"
                + step;
    }

    private static byte[] input(Ticket ticket) {
        JsonNode input = ticket.input();
        JsonNode credentials = ticket.credentials();
        if (credentials != null) {
            if (credentials.isNull()) {
                throw new IllegalArgumentException("the credentials cannot be worked out");
            }
            ObjectNode with = JsonNodeFactory.instance.objectNode();
            input.properties().forEach(field -> with.set(field.getKey(), field.getValue()));
            with.set("authentication", credentials);
            input = with;
        }
        try {
            return JSON.writeValueAsBytes(input);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the step's input cannot be written as JSON", e);
        }
    }

    /** What is missing in the attempt's input until there is a token; null if nothing is. */
    static @Nullable LateInput late(Ticket ticket) {
        LateRequest late = ticket.late();
        if (late == null) {
            return null;
        }
        return token -> {
            try {
                LateRequest.Made made = late.make(token);
                return new LateInput.Made(made.request(), made.hidden());
            } catch (ExpressionException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        };
    }

    private Workload workload(Ticket ticket, @Nullable FunctionPlan function) {
        return switch (ticket.task()) {
            case Task.RunProcess run -> process(run, ticket.input());
            case Task.CallHttp _ -> new Workload.Call("http");
            case Task.CallOpenApi _ -> new Workload.Call("openapi");
            case Task.CallGrpc _ -> new Workload.Call("grpc");
            default -> {
                if (function == null) {
                    throw new IllegalArgumentException(
                            "task %s is no step".formatted(ticket.task().pointer()));
                }
                yield function(function, function.bindings().get(ticket.adapter()));
            }
        };
    }

    /** A block for the very adapter says more than a source for all of them. */
    private static Workload function(FunctionPlan function, @Nullable Map<String, Object> binding) {
        FunctionPlan.Source source = function.source();
        if (binding == null && source != null) {
            return source(function, source);
        }
        return function.workload(binding == null ? Map.of() : binding);
    }

    private static Workload source(FunctionPlan function, FunctionPlan.Source source) {
        return new Workload.Process(
                function.ref().toString(),
                source.image(),
                source.language().command(),
                source.script(),
                List.of(),
                Map.of(),
                null,
                Workload.PullPolicy.IF_NOT_PRESENT,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE,
                null);
    }

    private Workload process(Task.RunProcess run, JsonNode request) {
        String code = request.path("code").asText("");
        Language language = Objects.requireNonNullElse(run.language(), Language.SHELL);
        String image =
                switch (run.kind()) {
                    case CONTAINER -> request.path("image").asText();
                    case SHELL, SCRIPT -> image(language);
                };
        // A container without a command runs what its image says.
        boolean isScript = run.kind() != Task.ProcessKind.CONTAINER || !code.isEmpty();
        JsonNode stdin = request.get("stdin");
        return new Workload.Process(
                request.path("name").asText(run.name()),
                image,
                isScript ? language.command() : List.of(),
                isScript ? language.script(code) : null,
                texts(request.path("arguments")),
                environment(request.path("environment")),
                stdin == null ? "" : text(stdin),
                switch (run.pullPolicy()) {
                    case IF_NOT_PRESENT -> Workload.PullPolicy.IF_NOT_PRESENT;
                    case ALWAYS -> Workload.PullPolicy.ALWAYS;
                    case NEVER -> Workload.PullPolicy.NEVER;
                },
                switch (run.returns()) {
                    case STDOUT -> Workload.Result.STDOUT;
                    case STDERR -> Workload.Result.STDERR;
                    case CODE, NONE -> Workload.Result.CODE;
                    case ALL -> Workload.Result.PROCESS;
                },
                run.keep() ? Workload.Retention.KEEP : Workload.Retention.REMOVE,
                keepFor(run, request));
    }

    private static @Nullable Duration keepFor(Task.RunProcess run, JsonNode request) {
        try {
            return run.keepFor() == null ? null : run.keepFor().evaluate(request, Arguments.NONE);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException("lifetime.after: " + e.getMessage(), e);
        }
    }

    private String image(Language language) {
        return switch (language) {
            case PYTHON -> properties.pythonImage();
            case JAVASCRIPT -> properties.javascriptImage();
            case SHELL -> properties.shellImage();
        };
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(text(value)));
        return texts;
    }

    private static Map<String, String> environment(JsonNode values) {
        Map<String, String> environment = new TreeMap<>();
        values.properties()
                .forEach(entry -> environment.put(entry.getKey(), text(entry.getValue())));
        return environment;
    }

    /** Text as it is, anything else as JSON. */
    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static Duration shorter(Duration a, @Nullable Duration b) {
        return b == null || a.compareTo(b) <= 0 ? a : b;
    }

    private static @Nullable Duration attemptLimit(RetryPolicy policy, Ticket ticket) {
        try {
            return policy.attemptDuration() == null
                    ? null
                    : policy.attemptDuration().evaluate(ticket.input(), Arguments.NONE);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(
                    "the retry policy's limit of an attempt: " + e.getMessage(), e);
        }
    }

    /**
     * What the task or its function says of an attempt. Where neither does, the timeouts around the
     * step decide, which the engine watches: the attempt gets a little more, so that the engine's
     * comes first.
     */
    private Duration timeout(
            Ticket ticket, FunctionPlan.Resources resources, @Nullable String ofTask) {
        if (ofTask != null) {
            return Duration.parse(ofTask);
        }
        if (resources.timeout() != null) {
            return resources.timeout();
        }
        Instant endsBy = ticket.endsBy();
        Duration usual = properties.stepTimeout();
        if (endsBy == null) {
            return usual;
        }
        Duration around = Duration.between(ticket.scheduledAt(), endsBy).plus(BEHIND);
        return around.compareTo(usual) > 0 ? around : usual;
    }

    private Limits limits(Ticket ticket, @Nullable FunctionPlan function) {
        FunctionPlan.Resources resources =
                function == null ? FunctionPlan.Resources.DEFAULT : function.resources();
        Map<String, String> own =
                switch (ticket.task()) {
                    case Task.RunProcess run -> run.placement().limits();
                    case Task.CallFunction call -> call.placement().limits();
                    default -> Map.of();
                };
        Duration timeout =
                shorter(
                        timeout(ticket, resources, own.get("timeout")),
                        properties.maxStepTimeout());
        if (function != null && function.retry() != null) {
            timeout = shorter(timeout, attemptLimit(function.retry(), ticket));
        }
        String cpu = own.get("cpu");
        String memory = own.get("memory");
        // Not a conditional expression: it would unbox what may be null.
        Integer cpuMillis = resources.cpuMillis();
        if (cpu != null) {
            cpuMillis = Quantities.cpuMillis(cpu);
        }
        Long memoryBytes = resources.memoryBytes();
        if (memory != null) {
            memoryBytes = Quantities.bytes(memory);
        }
        return new Limits(
                cpuMillis,
                memoryBytes,
                timeout,
                properties.maxOutputBytes(),
                properties.maxLogBytes(),
                properties.maxArtifactBytes());
    }
}
