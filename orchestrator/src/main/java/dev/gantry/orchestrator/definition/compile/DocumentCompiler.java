package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.Source;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles a whole document, or says everything that is wrong with it. */
public final class DocumentCompiler {
    private DocumentCompiler() {}

    /**
     * @param ref null if the document does not even say what it is
     * @param workflow the plan, if it is a workflow without problems
     * @param function the plan, if it is a function without problems
     * @param warnings of what is right, and probably not meant
     */
    public record Compiled(
            @Nullable DefinitionRef ref,
            @Nullable WorkflowPlan workflow,
            @Nullable FunctionPlan function,
            List<Problem> problems,
            List<Problem> warnings) {}

    public static Compiled compile(Source source, Registry registry) {
        return compile(source, registry, new Check(source));
    }

    /**
     * Compiles what was published before: what expressions ask for, and how the text is written, is
     * not looked at again, so that a check that came later keeps no execution from going on.
     */
    public static Compiled recompile(Source source, Registry registry) {
        return compile(source, registry, Check.trusting(source));
    }

    private static Compiled compile(Source source, Registry registry, Check check) {
        JsonNode root = source.root();
        if (!root.isObject()) {
            if (check.isClean()) {
                check.report(
                        "wrong-type",
                        "",
                        "the document is %s".formatted(Check.kind(root)),
                        "a workflow ('document', 'do') or a function ('function', 'runtime')",
                        null);
            }
            return new Compiled(null, null, null, check.problems(), check.warnings());
        }
        return isFunction(root)
                ? new FunctionCompiler(check, registry).compile(root)
                : workflow(root, check, registry);
    }

    /** Also where the very word is misspelt: else all the rest would be wrong as well. */
    private static boolean isFunction(JsonNode root) {
        return root.has("function")
                || (!root.has("document")
                        && !root.has("do")
                        && (root.has("runtime") || root.has("decision")));
    }

    private static Compiled workflow(JsonNode root, Check check, Registry registry) {
        check.known(
                root,
                "",
                "a workflow",
                Set.of(
                        "document",
                        "input",
                        "use",
                        "do",
                        "timeout",
                        "output",
                        "schedule",
                        "evaluate"));
        DefinitionRef ref = head(root, check);
        evaluate(root, check);
        Reusables reusables = Reusables.of(root, check);
        TaskCompiler tasks = new TaskCompiler(check, new Values(check), reusables, registry);
        tasks.reusables();
        JsonNode main = check.required(root, "", "do", "the workflow");
        Scope scope = tasks.scope(main, "/do", "'do'");
        Listening startOn = startOn(root, tasks, check);
        var flow = check.visible.only(Visible.OF_WORKFLOWS, () -> tasks.flow(root, "", false));
        var timeout = check.visible.only(Visible.OF_WORKFLOWS, () -> tasks.timeout(root, ""));
        if (!check.isClean() || ref == null) {
            return new Compiled(ref, null, null, check.problems(), check.warnings());
        }
        Set<DefinitionRef> functions = new LinkedHashSet<>();
        Set<DefinitionRef> workflows = new LinkedHashSet<>();
        references(scope, functions, workflows);
        WorkflowPlan plan =
                new WorkflowPlan(
                        ref,
                        flow,
                        timeout,
                        scope,
                        List.copyOf(functions),
                        List.copyOf(workflows),
                        startOn,
                        check.visible.secrets(),
                        root);
        return new Compiled(ref, plan, null, List.of(), check.warnings());
    }

    private static @Nullable DefinitionRef head(JsonNode root, Check check) {
        JsonNode head =
                check.object(
                        check.required(root, "", "document", "the workflow"),
                        "/document",
                        "'document'");
        if (head.isMissingNode()) {
            return null;
        }
        check.known(
                head,
                "/document",
                "'document'",
                Set.of(
                        "dsl",
                        "namespace",
                        "name",
                        "version",
                        "title",
                        "summary",
                        "tags",
                        "metadata"));
        for (String name : List.of("dsl", "namespace", "name", "version")) {
            check.required(head, "/document", name, "'document'");
        }
        String dsl = check.text(head, "/document", "dsl", "document");
        if (dsl != null && !dsl.startsWith("1.0.")) {
            check.report(
                    "unsupported-dsl",
                    "/document/dsl",
                    "DSL version '%s' is not supported".formatted(dsl),
                    "1.0.0 to 1.0.3",
                    "1.0.3");
        }
        String namespace = check.text(head, "/document", "namespace", "document");
        String name = check.text(head, "/document", "name", "document");
        String version = check.text(head, "/document", "version", "document");
        check.name(namespace, "/document/namespace", "namespace");
        check.name(name, "/document/name", "name");
        check.version(version, "/document/version");
        check.text(head, "/document", "title", "document");
        check.text(head, "/document", "summary", "document");
        check.object(head.path("tags"), "/document/tags", "'tags'");
        Placements.refuse(
                head,
                "/document",
                "a document",
                check,
                "runtime",
                "compensate",
                "concurrency",
                "idempotencyKey");
        Placements.requires(root, check);
        return namespace == null || name == null || version == null
                ? null
                : new DefinitionRef(DefinitionKind.WORKFLOW, namespace, name, version);
    }

    private static @Nullable Listening startOn(JsonNode root, TaskCompiler tasks, Check check) {
        JsonNode schedule = check.object(root.path("schedule"), "/schedule", "'schedule'");
        check.known(
                schedule,
                "/schedule",
                "'schedule'",
                Set.of("every", "cron", "after", "on", "read"));
        read(schedule, check);
        for (String name : List.of("every", "cron", "after")) {
            if (schedule.has(name)) {
                check.notYet("/schedule/" + name, "'schedule.%s'".formatted(name));
            }
        }
        if (!schedule.has("on")) {
            return null;
        }
        Listening on =
                check.visible.only(
                        Set.of(),
                        () -> tasks.events.listening(schedule.get("on"), "/schedule/on", false));
        boolean alike =
                on == null
                        || on.filters().stream()
                                        .map(filter -> filter.correlate().keySet())
                                        .distinct()
                                        .count()
                                == 1;
        if (!alike) {
            check.report(
                    "invalid-strategy",
                    "/schedule/on",
                    "the filters correlate by different names",
                    "the same names for all, or none: the events of one start say the same",
                    null);
        }
        return on;
    }

    /** The input is the list of the whole events, as the language's own examples have it. */
    private static void read(JsonNode schedule, Check check) {
        String read = check.text(schedule, "/schedule", "read", "schedule");
        if (read == null) {
            return;
        }
        if (!schedule.has("on")) {
            check.report(
                    "invalid-value",
                    "/schedule/read",
                    "'read' says how events are read, and no events start the workflow",
                    "'on' beside it",
                    null);
        } else if (List.of("data", "raw").contains(read)) {
            check.notYet("/schedule/read", "'schedule.read: %s'".formatted(read));
        } else if (!read.equals("envelope")) {
            check.report(
                    "invalid-value",
                    "/schedule/read",
                    "'read' is '%s'".formatted(read),
                    "envelope",
                    null);
        }
    }

    private static void evaluate(JsonNode root, Check check) {
        JsonNode evaluate = check.object(root.path("evaluate"), "/evaluate", "'evaluate'");
        check.known(evaluate, "/evaluate", "'evaluate'", Set.of("language", "mode"));
        String language = check.text(evaluate, "/evaluate", "language", "evaluate");
        if (language != null && !language.equals("jq")) {
            check.notYet("/evaluate/language", "expression language '%s'".formatted(language));
        }
        String mode = check.text(evaluate, "/evaluate", "mode", "evaluate");
        if ("loose".equals(mode)) {
            check.loose();
        } else if (mode != null && !mode.equals("strict")) {
            check.report(
                    "invalid-value",
                    "/evaluate/mode",
                    "'mode' is '%s'%s"
                            .formatted(mode, Nearest.hint(mode, List.of("strict", "loose"))),
                    "strict or loose",
                    null);
        }
    }

    private static void references(
            @Nullable Scope scope, Set<DefinitionRef> functions, Set<DefinitionRef> workflows) {
        if (scope != null) {
            scope.tasks().forEach(task -> references(task, functions, workflows));
        }
    }

    private static void references(
            Task task, Set<DefinitionRef> functions, Set<DefinitionRef> workflows) {
        if (task.common().compensation() != null) {
            references(task.common().compensation().body(), functions, workflows);
        }
        switch (Objects.requireNonNull(task)) {
            case Task.Do doTask -> references(doTask.body(), functions, workflows);
            case Task.Extended extended -> references(extended.body(), functions, workflows);
            case Task.For loop -> references(loop.body(), functions, workflows);
            case Task.Fork fork ->
                    fork.branches().forEach(branch -> references(branch, functions, workflows));
            case Task.Try attempt -> {
                references(attempt.body(), functions, workflows);
                references(attempt.onError().handler(), functions, workflows);
            }
            case Task.Listen listen -> {
                if (listen.each() != null) {
                    references(listen.each().body(), functions, workflows);
                }
            }
            case Task.CallFunction call -> functions.add(call.function());
            case Task.RunWorkflow run -> workflows.add(run.workflow());
            case Task.Set _,
                    Task.Emit _,
                    Task.Switch _,
                    Task.Raise _,
                    Task.Wait _,
                    Task.CallHttp _,
                    Task.CallOpenApi _,
                    Task.CallGrpc _,
                    Task.RunProcess _ -> {}
        }
    }
}
