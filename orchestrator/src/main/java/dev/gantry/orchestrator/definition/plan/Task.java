package dev.gantry.orchestrator.definition.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.spi.RuntimeClass;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a plan; one record per keyword of the language. */
public sealed interface Task {
    Common common();

    default String name() {
        return common().name();
    }

    /** The task's place in its document, such as {@code /do/0/charge}. */
    default String pointer() {
        return common().pointer();
    }

    /**
     * What every task has.
     *
     * @param condition {@code if}: evaluated on the raw input; the task is skipped when not true
     * @param timeout of this task, below the workflow's and the platform's
     * @param then where control goes afterwards
     * @param definition the task as written, for {@code $task.definition}
     * @param compensation {@code metadata.gantry.compensate}: what undoes the task once it is
     *     complete, or null
     * @param idempotencyKey {@code metadata.gantry.idempotencyKey}: what a step's repetitions have
     *     in common for its backend, or null for Gantry's own
     */
    record Common(
            String name,
            String pointer,
            @Nullable Template condition,
            DataFlow flow,
            @Nullable DurationTemplate timeout,
            Directive then,
            JsonNode definition,
            @Nullable Do compensation,
            @Nullable Template idempotencyKey) {
        public Common(
                String name,
                String pointer,
                @Nullable Template condition,
                DataFlow flow,
                @Nullable DurationTemplate timeout,
                Directive then,
                JsonNode definition) {
            this(name, pointer, condition, flow, timeout, then, definition, null, null);
        }

        /** Of an extended task itself: what {@link #around} does is not done again. */
        public Common within() {
            return new Common(
                    name,
                    pointer,
                    null,
                    takesSecrets() ? DataFlow.of(flow.inputFrom()) : DataFlow.IDENTITY,
                    timeout,
                    then,
                    definition,
                    null,
                    idempotencyKey);
        }

        /**
         * Of an extended task with its extensions: whether it is done, and its data. A secret that
         * is put into its input is put there where it is used, and nowhere else.
         */
        public Common around() {
            return new Common(
                    name,
                    pointer,
                    condition,
                    takesSecrets() ? flow.withoutInput() : flow,
                    null,
                    then,
                    definition,
                    compensation,
                    null);
        }

        /** Whether the task's input holds secrets. */
        public boolean takesSecrets() {
            return flow.inputFrom() != null && flow.inputFrom().reads().contains("secrets");
        }
    }

    record Do(Common common, Scope body) implements Task {}

    /**
     * A task with what extensions do before and after it. Their output is left; one before it that
     * ends by {@code exit} gives its output in place of the task's.
     *
     * @param common the task's own, whose condition is looked at here
     * @param body what comes before, the task, what comes after
     * @param at the position of the task
     */
    record Extended(Common common, Scope body, int at) implements Task {
        public Task task() {
            return body.tasks().get(at);
        }
    }

    record Set(Common common, Template value) implements Task {}

    record Switch(Common common, List<Case> cases) implements Task {
        /**
         * @param when null for the default case, which is tried last
         */
        public record Case(String name, @Nullable Template when, Directive then) {}
    }

    /**
     * @param each variable for the item
     * @param at variable for the index
     * @param in gives the array to walk
     * @param whileTrue checked before each round
     * @param concurrency how many rounds run side by side; 1 for one after another
     */
    record For(
            Common common,
            String each,
            String at,
            Template in,
            @Nullable Template whileTrue,
            Scope body,
            int concurrency)
            implements Task {
        public For(
                Common common,
                String each,
                String at,
                Template in,
                @Nullable Template whileTrue,
                Scope body) {
            this(common, each, at, in, whileTrue, body, 1);
        }

        /** Whether each round gets the loop's input, and the output is the list of theirs. */
        public boolean isParallel() {
            return concurrency > 1;
        }

        /** One of the rounds that run side by side, as a task. */
        public Do round() {
            Common round =
                    new Common(
                            name(),
                            body.pointer(),
                            null,
                            DataFlow.IDENTITY,
                            null,
                            Directive.CONTINUE,
                            common.definition());
            return new Do(round, body);
        }
    }

    /**
     * @param compete whether the first branch to end wins and the others are cancelled
     */
    record Fork(Common common, List<Task> branches, boolean compete) implements Task {}

    record Try(Common common, Scope body, Catch onError) implements Task {
        /**
         * @param filter static properties that the error must have
         * @param as variable that holds the error
         * @param when must be true, if set, to catch
         * @param exceptWhen must not be true to catch
         * @param retry how often and when the body is run again before the handler runs
         * @param handler what to do with the caught error
         * @param then where control goes after the error path, overriding the task's own
         */
        public record Catch(
                ErrorFilter filter,
                String as,
                @Nullable Template when,
                @Nullable Template exceptWhen,
                @Nullable RetryPolicy retry,
                @Nullable Scope handler,
                @Nullable Directive then) {}
    }

    /** The error's fields; without an {@code instance} it is the task's own pointer. */
    record Raise(
            Common common,
            Template type,
            Template status,
            @Nullable Template title,
            @Nullable Template detail,
            @Nullable Template instance)
            implements Task {}

    record Wait(Common common, DurationTemplate duration) implements Task {}

    /**
     * @param event the attributes of the event, as an object
     */
    record Emit(Common common, Template event) implements Task {}

    /**
     * Waits for events.
     *
     * @param read what of an event is given
     * @param each what is done with each event, or null
     */
    record Listen(Common common, Listening to, EventRead read, @Nullable Each each)
            implements Task {
        /**
         * @param item variable for the event, as read
         * @param at variable for the index
         * @param body the tasks for each event; their input is the event
         * @param flow its output and export
         */
        public record Each(String item, String at, Scope body, DataFlow flow) {}
    }

    enum EventRead {
        DATA,
        ENVELOPE,
        RAW
    }

    /**
     * A step: a call of a registered function.
     *
     * @param function the version pinned at publish
     * @param arguments {@code with}, or null to pass the task's input
     */
    record CallFunction(
            Common common,
            DefinitionRef function,
            @Nullable Template arguments,
            Placement placement)
            implements Task {}

    /** A step that Gantry itself performs, through the egress policy. */
    record CallHttp(
            Common common,
            Template method,
            Template endpoint,
            @Nullable Authentication authentication,
            @Nullable Template headers,
            @Nullable Template body,
            @Nullable Template query,
            HttpOutput output,
            boolean redirect)
            implements Task {}

    /**
     * A step that Gantry itself performs: an operation of a service that an OpenAPI document
     * describes.
     *
     * @param document the document's URI
     * @param parameters by name; null for none
     */
    record CallOpenApi(
            Common common,
            Template document,
            Template operation,
            @Nullable Template parameters,
            @Nullable Authentication authentication,
            HttpOutput output,
            boolean redirect)
            implements Task {}

    /**
     * A step that Gantry itself performs: a method of a gRPC service.
     *
     * @param proto the URI of the file that describes the service
     * @param port null for the scheme's own
     * @param arguments the message as an object, null for an empty one
     */
    record CallGrpc(
            Common common,
            Template proto,
            Template service,
            Template host,
            @Nullable Template port,
            Template method,
            @Nullable Template arguments,
            @Nullable Authentication authentication)
            implements Task {}

    enum HttpOutput {
        RAW,
        CONTENT,
        RESPONSE
    }

    /**
     * A step: a container, or a script or shell command on the platform's image for its language.
     *
     * @param kind which of the three forms
     * @param title the name of the container for people, null for the task's
     * @param keep whether the container stays
     * @param keepFor how long it does, null for good
     * @param image for containers, the image; for scripts and shells null: configuration decides
     * @param code the script, or the shell command; for containers the command or null
     * @param language of a script; else null, for the shell's
     */
    record RunProcess(
            Common common,
            ProcessKind kind,
            @Nullable Template title,
            @Nullable Template image,
            @Nullable Template code,
            @Nullable Language language,
            @Nullable Template arguments,
            @Nullable Template environment,
            @Nullable Template stdin,
            PullPolicy pullPolicy,
            boolean keep,
            @Nullable DurationTemplate keepFor,
            boolean await,
            ProcessReturn returns,
            Placement placement)
            implements Task {}

    enum ProcessKind {
        CONTAINER,
        SCRIPT,
        SHELL
    }

    enum PullPolicy {
        IF_NOT_PRESENT,
        ALWAYS,
        NEVER
    }

    enum ProcessReturn {
        STDOUT,
        STDERR,
        CODE,
        ALL,
        NONE
    }

    /** Another workflow as a child execution. */
    record RunWorkflow(
            Common common,
            DefinitionRef workflow,
            @Nullable Template input,
            boolean await,
            ProcessReturn returns)
            implements Task {}

    /**
     * {@code metadata.gantry.runtime} of the task.
     *
     * @param runtimeClass overrides the function's, or says where an inline process runs
     * @param adapter names one adapter and overrides the placement policy
     * @param idempotent for inline processes: whether a run that may have taken effect may be
     *     repeated
     * @param limits cpu, memory as written, see {@link FunctionPlan.Resources}
     */
    record Placement(
            @Nullable RuntimeClass runtimeClass,
            @Nullable String adapter,
            boolean idempotent,
            Map<String, String> limits) {
        public static final Placement DEFAULT = new Placement(null, null, false, Map.of());

        /** What a call of the function asks of its adapter. */
        public Need need(FunctionPlan function) {
            return new Need(
                    classes(function),
                    adapter,
                    function.adapters(),
                    function.workloads(),
                    function.source() != null);
        }

        /** What an inline process asks of its adapter. */
        public Need need() {
            return new Need(classes(null), adapter, List.of(), Map.of(), true);
        }

        /**
         * The runtime classes that may take a step, in the order of preference. Who names a class
         * for a task gets that class; otherwise the function's own and its fallbacks.
         *
         * @param function null for an inline process
         */
        public List<RuntimeClass> classes(@Nullable FunctionPlan function) {
            if (runtimeClass != null) {
                return List.of(runtimeClass);
            }
            return function == null ? List.of(RuntimeClass.CONTAINER) : function.classes();
        }
    }
}
