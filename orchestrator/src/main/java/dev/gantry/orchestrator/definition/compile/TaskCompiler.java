package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles tasks by their keyword: one entry of the table for each. */
final class TaskCompiler {
    private static final Set<String> COMMON =
            Set.of("if", "input", "output", "export", "timeout", "then", "metadata");
    private static final int MAX_TASKS = 5_000;

    /** Each takes up to four of the levels of values that a document may have. */
    private static final int MAX_LEVELS = 220;

    final Check check;
    final Values values;
    final Reusables reusables;
    final Registry registry;
    final int depth;
    final EventTasks events;
    final Authentications authentications;
    final External external;
    private final Extensions extensions;
    private final Map<String, Keyword> keywords = new LinkedHashMap<>();
    private final Set<String> reusing = new LinkedHashSet<>();
    private int compiledTasks;
    private int level;

    /**
     * @param siblings names of the properties that come with the keyword
     */
    private record Keyword(Set<String> siblings, Compiler compiler) {}

    interface Compiler {
        @Nullable Task compile(
                Task.Common common, JsonNode task, String pointer, List<String> scopeNames);
    }

    TaskCompiler(Check check, Values values, Reusables reusables, Registry registry) {
        this(check, values, reusables, registry, null);
    }

    /**
     * @param around what compiles the document that refers to this one
     */
    TaskCompiler(
            Check check,
            Values values,
            Reusables reusables,
            Registry registry,
            @Nullable TaskCompiler around) {
        this.depth = around == null ? 0 : around.depth + 1;
        this.level = around == null ? 0 : around.level;
        this.check = check;
        this.values = values;
        this.reusables = reusables;
        this.registry = registry;
        authentications = new Authentications(check, reusables);
        ControlTasks control = new ControlTasks(this);
        CallTasks calls = new CallTasks(this);
        RunTasks runs = new RunTasks(this);
        events = new EventTasks(this);
        extensions = new Extensions(this);
        external = new External(check, registry, authentications);
        values.external(external);
        keywords.put("do", new Keyword(Set.of(), control::doTask));
        keywords.put("set", new Keyword(Set.of(), control::set));
        keywords.put("switch", new Keyword(Set.of(), control::choose));
        keywords.put("for", new Keyword(Set.of("while", "do"), control::loop));
        keywords.put("fork", new Keyword(Set.of(), control::fork));
        keywords.put("try", new Keyword(Set.of("catch"), control::attempt));
        keywords.put("raise", new Keyword(Set.of(), control::raise));
        keywords.put("wait", new Keyword(Set.of(), control::pause));
        keywords.put("call", new Keyword(Set.of("with"), calls::call));
        keywords.put("emit", new Keyword(Set.of(), events::emit));
        keywords.put("listen", new Keyword(Set.of("foreach"), events::listen));
        keywords.put("run", new Keyword(Set.of(), runs::run));
    }

    /** A list of named tasks. */
    Scope scope(JsonNode list, String pointer, String what) {
        JsonNode tasks = check.list(list, pointer, what);
        List<String> names = names(tasks, pointer);
        List<Task> compiled = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            Task task = named(tasks.get(i), pointer + "/" + i, names);
            if (task != null) {
                compiled.add(task);
            } else {
                requireReported(pointer + "/" + i);
            }
        }
        return new Scope(pointer, compiled);
    }

    /** No task may vanish without a word. */
    private void requireReported(String pointer) {
        if (check.isClean()) {
            check.report("invalid-task", pointer, "the task cannot be compiled", null, null);
        }
    }

    private List<String> names(JsonNode tasks, String pointer) {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < tasks.size(); i++) {
            JsonNode item = tasks.get(i);
            String name = item.isObject() && item.size() == 1 ? item.fieldNames().next() : "";
            names.add(name);
            if (!name.isEmpty() && !seen.add(name)) {
                check.report(
                        "duplicate-task",
                        Check.join(pointer + "/" + i, name),
                        "task '%s' stands twice in the same list".formatted(name),
                        "a name of its own",
                        "rename one of the two");
            }
        }
        return names;
    }

    private @Nullable Task named(JsonNode item, String pointer, List<String> names) {
        JsonNode object = check.object(item, pointer, "the entry");
        if (object.isMissingNode()) {
            return null;
        }
        if (object.size() != 1) {
            check.report(
                    "invalid-task",
                    pointer,
                    "an entry of a task list has %d names".formatted(object.size()),
                    "one name, with the task below it",
                    object.size() > 1 ? "indent the task's properties below its name" : null);
            return null;
        }
        String name = object.fieldNames().next();
        return task(name, object.get(name), Check.join(pointer, name), names);
    }

    /** Looks at all that is defined for use elsewhere, used or not. */
    void reusables() {
        extensions.look(reusables.extensions());
        // Those are seen again where they are used, with the names that are known there.
        var _ = check.visible.anywhere(this::lookAtReusables);
        reusables.each(
                "functions",
                (name, definition) -> {
                    reusing.add(name);
                    task(name, definition, Check.join("/use/functions", name), List.of(name));
                    reusing.remove(name);
                });
    }

    private boolean lookAtReusables() {
        reusables.each(
                "retries",
                (name, policy) -> values.retry(policy, Check.join("/use/retries", name)));
        reusables.each(
                "authentications",
                (name, policy) ->
                        authentications.policy(policy, Check.join("/use/authentications", name)));
        reusables.each(
                "catalogs",
                (name, catalog) -> {
                    String at = Check.join("/use/catalogs", name);
                    check.known(catalog, at, "a catalog", Set.of("endpoint"));
                    check.required(catalog, at, "endpoint", "the catalog");
                });
        reusables.each(
                "timeouts", (name, timeout) -> after(timeout, Check.join("/use/timeouts", name)));
        reusables.each(
                "errors",
                (name, error) -> ControlTasks.error(error, Check.join("/use/errors", name), check));
        return true;
    }

    /**
     * The task that a function of the document stands for. What is wrong with it was reported where
     * it is defined.
     */
    @Nullable Task reused(String name, JsonNode definition, String call, String pointer) {
        if (!reusing.add(name)) {
            check.report(
                    "recursive-function",
                    call,
                    "function '%s' under use.functions calls itself".formatted(name),
                    null,
                    null);
            return null;
        }
        try {
            return check.muted(() -> task(name, definition, pointer, List.of(name)));
        } finally {
            reusing.remove(name);
        }
    }

    @Nullable Task task(String name, JsonNode value, String pointer, List<String> names) {
        if (++compiledTasks > MAX_TASKS) {
            if (compiledTasks == MAX_TASKS + 1) {
                check.reportLimit(
                        "too-many-tasks",
                        pointer,
                        "the workflow has more than %d tasks".formatted(MAX_TASKS),
                        "at most %d tasks, counting those of use.functions at each call"
                                .formatted(MAX_TASKS));
            }
            return null;
        }
        if (level == MAX_LEVELS) {
            check.reportLimit(
                    "nested-too-deeply",
                    pointer,
                    "the task is nested deeper than %d levels".formatted(MAX_LEVELS),
                    "at most %d tasks within each other, functions counted where they are called"
                            .formatted(MAX_LEVELS));
            return null;
        }
        level++;
        try {
            return compile(name, value, pointer, names);
        } finally {
            level--;
        }
    }

    private @Nullable Task compile(
            String name, JsonNode value, String pointer, List<String> names) {
        JsonNode task = check.object(value, pointer, "task '%s'".formatted(name));
        if (task.isMissingNode()) {
            return null;
        }
        Set<String> found = new TreeSet<>();
        task.fieldNames()
                .forEachRemaining(key -> {
                    if (keywords.containsKey(key)) {
                        found.add(key);
                    }
                });
        if (found.contains("for")) {
            found.remove("do");
        }
        if (found.size() != 1) {
            noKeyword(name, task, pointer, found);
            return null;
        }
        String word = found.iterator().next();
        Keyword keyword = keywords.get(word);
        if (keyword == null) {
            return null;
        }
        Set<String> known = new HashSet<>(COMMON);
        known.add(word);
        known.addAll(keyword.siblings());
        check.known(task, pointer, "task '%s'".formatted(name), known);
        Task.Common common =
                check.visible.as(
                        Visible.Use.STORED,
                        () -> common(name, task, pointer, names, takesSecrets(word, task)));
        Placements.gantry(task, pointer, check);
        Placements.refuse(task, pointer, "a task", check, "requires");
        if (!word.equals("for")) {
            Placements.refuse(task, pointer, "a '%s'".formatted(word), check, "concurrency");
        }
        if (!word.equals("call") && !word.equals("run")) {
            Placements.refuse(
                    task, pointer, "a '%s'".formatted(word), check, "runtime", "idempotencyKey");
        }
        Task.Common own = extensions.mayExtend(word) ? common.within() : common;
        Task compiled =
                check.visible.as(
                        Visible.Use.STORED,
                        () -> keyword.compiler().compile(own, task, pointer, names));
        return compiled == null ? null : extensions.extend(compiled, word, common);
    }

    private void noKeyword(String name, JsonNode task, String pointer, Set<String> found) {
        if (found.size() > 1) {
            check.report(
                    "ambiguous-task",
                    pointer,
                    "task '%s' has several keywords: %s".formatted(name, found),
                    "one of them",
                    null);
            return;
        }
        List<String> words = new ArrayList<>(keywords.keySet());
        String hint = "";
        String at = pointer;
        var properties = task.fieldNames();
        while (hint.isEmpty() && properties.hasNext()) {
            String property = properties.next();
            if (!COMMON.contains(property)) {
                hint = Nearest.hint(property, words);
                at = hint.isEmpty() ? pointer : Check.join(pointer, property);
            }
        }
        check.report(
                "no-keyword",
                at,
                "task '%s' has no keyword%s".formatted(name, hint),
                "one of " + words.stream().sorted().toList(),
                hint.isEmpty() ? null : hint.substring(2));
    }

    /** Whether the task's input goes to an adapter and nowhere else. */
    private boolean takesSecrets(String word, JsonNode task) {
        return word.equals("call")
                ? !reusables.has("functions", task.path("call").asText())
                : word.equals("run")
                        && !task.path("run").has("workflow")
                        && task.path("run").path("await").asBoolean(true);
    }

    private Task.Common common(
            String name, JsonNode task, String pointer, List<String> names, boolean takesSecrets) {
        return new Task.Common(
                name,
                pointer,
                values.condition(task, pointer, "if", "task"),
                flow(task, pointer, true, takesSecrets),
                timeout(task, pointer),
                then(task, pointer, names),
                task,
                compensation(task, pointer),
                values.template(
                        task.path("metadata").path("gantry"),
                        pointer + "/metadata/gantry",
                        "idempotencyKey"));
    }

    /** What undoes the task: a function by its name, or a list of tasks. */
    private Task.@Nullable Do compensation(JsonNode task, String pointer) {
        String at = pointer + "/metadata/gantry/compensate";
        JsonNode given = task.path("metadata").path("gantry").path("compensate");
        if (given.isMissingNode()) {
            return null;
        }
        JsonNode list = given;
        if (given.isTextual()) {
            list = JsonNodeFactory.instance.arrayNode();
            ((ArrayNode) list).addObject().putObject("compensate").set("call", given);
        }
        Task.Common common =
                new Task.Common(
                        "compensate", at, null, DataFlow.IDENTITY, null, Directive.CONTINUE, given);
        JsonNode tasks = list;
        Set<String> names = new HashSet<>(Visible.OF_TASKS);
        names.add("compensated");
        return new Task.Do(
                common, check.visible.only(names, () -> scope(tasks, at, "'compensate'")));
    }

    /** The data flow of a task, or of the workflow, which exports nothing. */
    DataFlow flow(JsonNode of, String pointer, boolean exports) {
        return flow(of, pointer, exports, false);
    }

    private DataFlow flow(JsonNode of, String pointer, boolean exports, boolean takesSecrets) {
        JsonNode input = check.object(of.path("input"), pointer + "/input", "'input'");
        JsonNode output = check.object(of.path("output"), pointer + "/output", "'output'");
        JsonNode export =
                exports
                        ? check.object(of.path("export"), pointer + "/export", "'export'")
                        : JsonNodeFactory.instance.missingNode();
        check.known(input, pointer + "/input", "'input'", Set.of("schema", "from"));
        check.known(output, pointer + "/output", "'output'", Set.of("schema", "as"));
        check.known(export, pointer + "/export", "'export'", Set.of("schema", "as"));
        return new DataFlow(
                values.schema(input, pointer + "/input"),
                check.visible.as(
                        takesSecrets ? Visible.Use.PROVES : Visible.Use.STORED,
                        () -> values.transformation(input, pointer + "/input", "from")),
                values.transformation(output, pointer + "/output", "as"),
                values.schema(output, pointer + "/output"),
                check.visible.with(
                        Set.of("output"),
                        () -> values.transformation(export, pointer + "/export", "as")),
                values.schema(export, pointer + "/export"));
    }

    @Nullable DurationTemplate timeout(JsonNode of, String pointer) {
        JsonNode timeout = of.path("timeout");
        String at = pointer + "/timeout";
        if (timeout.isTextual()) {
            JsonNode reused = reusables.find("timeouts", timeout.textValue(), at, check);
            return reused == null ? null : after(reused, "/use/timeouts/" + timeout.textValue());
        }
        JsonNode object = check.object(timeout, at, "'timeout'");
        return object.isMissingNode() ? null : after(object, at);
    }

    private @Nullable DurationTemplate after(JsonNode timeout, String pointer) {
        check.known(timeout, pointer, "a timeout", Set.of("after"));
        JsonNode after = check.required(timeout, pointer, "after", "the timeout");
        return after.isMissingNode() ? null : values.duration(after, pointer + "/after");
    }

    Directive then(JsonNode of, String pointer, List<String> names) {
        String target = check.text(of, pointer, "then", "property");
        return target == null ? Directive.CONTINUE : directive(target, pointer + "/then", names);
    }

    Directive directive(String target, String pointer, List<String> names) {
        if (Templates.isExpression(target)) {
            check.report(
                    "unknown-target",
                    pointer,
                    "'then' is an expression",
                    "the name of a task, continue, exit or end",
                    null);
            return Directive.CONTINUE;
        }
        return switch (target) {
            case "continue" -> Directive.CONTINUE;
            case "exit" -> Directive.EXIT;
            case "end" -> Directive.END;
            default -> goTo(target, pointer, names);
        };
    }

    private Directive goTo(String target, String pointer, List<String> names) {
        int at = names.indexOf(target);
        if (at >= 0) {
            return new Directive.GoTo(at);
        }
        List<String> known = new ArrayList<>(names);
        known.addAll(List.of("continue", "exit", "end"));
        String hint = Nearest.hint(target, known);
        check.report(
                "unknown-target",
                pointer,
                "'then' leads to '%s', and there is no such task in this list%s"
                        .formatted(target, hint),
                "one of " + Check.some(known),
                hint.isEmpty() ? null : hint.substring(2));
        return Directive.CONTINUE;
    }
}
