package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.Language;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Task.ProcessKind;
import dev.gantry.orchestrator.definition.plan.Task.ProcessReturn;
import dev.gantry.orchestrator.definition.plan.Template;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.problem.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code run}: containers, scripts, shell commands, and other workflows. */
final class RunTasks {
    private static final Set<String> FORMS = Set.of("container", "script", "shell", "workflow");
    private static final int MAX_CODE = 65_536;

    /** As the DSL calls them. */
    private static final Map<String, Language> LANGUAGES =
            Map.of("js", Language.JAVASCRIPT, "python", Language.PYTHON);

    private final TaskCompiler tasks;
    private final Check check;
    private final Values values;

    RunTasks(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
        this.values = tasks.values;
    }

    @Nullable Task run(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String at = pointer + "/run";
        JsonNode run = check.object(task.get("run"), at, "'run'");
        if (run.isMissingNode()) {
            return null;
        }
        Set<String> known = new TreeSet<>(FORMS);
        known.addAll(Set.of("await", "return"));
        check.known(run, at, "'run'", known);
        List<String> forms = FORMS.stream().filter(run::has).sorted().toList();
        if (forms.size() != 1) {
            check.report(
                    "invalid-run",
                    at,
                    forms.isEmpty() ? "'run' says nothing to run" : "'run' says several: " + forms,
                    "one of " + FORMS.stream().sorted().toList(),
                    null);
            return null;
        }
        boolean await = check.flag(run, at, "await", true);
        ProcessReturn returns =
                check.choice(run, at, "return", ProcessReturn.class, ProcessReturn.STDOUT);
        String form = forms.getFirst();
        String below = at + "/" + form;
        JsonNode process = check.object(run.get(form), below, "'%s'".formatted(form));
        if (process.isMissingNode()) {
            return null;
        }
        Task.Placement placement = Placements.of(task, pointer, check);
        return switch (form) {
            case "workflow" -> workflow(common, process, below, await, returns);
            default ->
                    check.visible.as(
                            // What nobody waits for is an execution of its own, with an input.
                            await ? Visible.Use.SENT : Visible.Use.STORED,
                            () -> process(form, common, process, below, await, returns, placement));
        };
    }

    private @Nullable Task process(
            String form,
            Task.Common common,
            JsonNode process,
            String below,
            boolean await,
            ProcessReturn returns,
            Task.Placement placement) {
        return switch (form) {
            case "container" -> container(common, process, below, await, returns, placement);
            case "script" -> script(common, process, below, await, returns, placement);
            default -> shell(common, process, below, await, returns, placement);
        };
    }

    private Task container(
            Task.Common common,
            JsonNode process,
            String at,
            boolean await,
            ProcessReturn returns,
            Task.Placement placement) {
        check.known(
                process,
                at,
                "'container'",
                Set.of(
                        "image",
                        "name",
                        "command",
                        "ports",
                        "volumes",
                        "environment",
                        "stdin",
                        "arguments",
                        "lifetime",
                        "pullPolicy"));
        check.required(process, at, "image", "the container");
        check.text(process, at, "image", "container");
        for (String name : List.of("ports", "volumes")) {
            if (process.has(name)) {
                check.notYet(at + "/" + name, "a container's '%s'".formatted(name));
            }
        }
        return process(
                common,
                ProcessKind.CONTAINER,
                process,
                at,
                "command",
                null,
                await,
                returns,
                placement,
                lifetime(process, at));
    }

    /**
     * What becomes of a container.
     *
     * @param keepFor null for good
     */
    private record Lifetime(boolean keep, @Nullable DurationTemplate keepFor) {
        static final Lifetime OVER = new Lifetime(false, null);
    }

    private Lifetime lifetime(JsonNode process, String pointer) {
        String at = pointer + "/lifetime";
        JsonNode lifetime = check.object(process.path("lifetime"), at, "'lifetime'");
        check.known(lifetime, at, "'lifetime'", Set.of("cleanup", "after"));
        String cleanup = check.text(lifetime, at, "cleanup", "lifetime");
        JsonNode after = lifetime.path("after");
        DurationTemplate keepFor =
                after.isMissingNode() ? null : values.duration(after, at + "/after");
        return switch (cleanup) {
            case null -> Lifetime.OVER;
            case "always" -> Lifetime.OVER;
            case "never" -> new Lifetime(true, null);
            case "eventually" -> {
                check.required(lifetime, at, "after", "cleanup 'eventually'");
                yield new Lifetime(true, keepFor);
            }
            default -> {
                check.report(
                        "invalid-value",
                        at + "/cleanup",
                        "cleanup is '%s'".formatted(cleanup),
                        "always, never or eventually",
                        null);
                yield Lifetime.OVER;
            }
        };
    }

    private @Nullable Task script(
            Task.Common common,
            JsonNode process,
            String at,
            boolean await,
            ProcessReturn returns,
            Task.Placement placement) {
        check.known(
                process,
                at,
                "'script'",
                Set.of("language", "code", "source", "stdin", "arguments", "environment"));
        check.required(process, at, "language", "the script");
        String word = check.text(process, at, "language", "script");
        if (!process.has("source")) {
            check.required(process, at, "code", "the script");
        }
        Language language = word == null ? null : LANGUAGES.get(word);
        if (word != null && language == null) {
            check.report(
                    "invalid-value",
                    at + "/language",
                    "language '%s' is not supported%s"
                            .formatted(word, Nearest.hint(word, LANGUAGES.keySet())),
                    "js or python; other languages by 'run: container'",
                    null);
        }
        if (process.has("source")) {
            return external(common, process, at, language, await, returns, placement);
        }
        return process(
                common,
                ProcessKind.SCRIPT,
                process,
                at,
                "code",
                language,
                await,
                returns,
                placement,
                Lifetime.OVER);
    }

    /** A script that stands elsewhere: its text as it is at publish. */
    private @Nullable Task external(
            Task.Common common,
            JsonNode process,
            String at,
            @Nullable Language language,
            boolean await,
            ProcessReturn returns,
            Task.Placement placement) {
        if (process.has("code")) {
            check.report(
                    "invalid-run",
                    at,
                    "the script has 'code' and 'source'",
                    "one of them",
                    "remove one of them");
            return null;
        }
        byte[] content = tasks.external.resource(process.get("source"), at + "/source");
        if (content == null) {
            return null;
        }
        ObjectNode script = JsonNodeFactory.instance.objectNode();
        process.properties().forEach(field -> script.set(field.getKey(), field.getValue()));
        script.remove("source");
        script.put("code", new String(content, StandardCharsets.UTF_8));
        return process(
                common,
                ProcessKind.SCRIPT,
                script,
                at,
                "code",
                language,
                await,
                returns,
                placement,
                Lifetime.OVER);
    }

    private Task shell(
            Task.Common common,
            JsonNode process,
            String at,
            boolean await,
            ProcessReturn returns,
            Task.Placement placement) {
        check.known(process, at, "'shell'", Set.of("command", "stdin", "arguments", "environment"));
        check.required(process, at, "command", "the shell");
        return process(
                common,
                ProcessKind.SHELL,
                process,
                at,
                "command",
                Language.SHELL,
                await,
                returns,
                placement,
                Lifetime.OVER);
    }

    private Task process(
            Task.Common common,
            ProcessKind kind,
            JsonNode process,
            String at,
            String code,
            @Nullable Language language,
            boolean await,
            ProcessReturn returns,
            Task.Placement placement,
            Lifetime lifetime) {
        String text = check.text(process, at, code, "process");
        if (text != null && text.length() > MAX_CODE) {
            check.report(
                    "too-long",
                    at + "/" + code,
                    "'%s' has %d characters".formatted(code, text.length()),
                    "at most " + MAX_CODE,
                    "put it into an image");
        }
        checkArguments(process.path("arguments"), at + "/arguments", kind, language);
        check.object(process.path("environment"), at + "/environment", "'environment'");
        Processes.check(
                Processes.of(process, code),
                tasks.registry.candidates(placement.need()),
                tasks.registry,
                at,
                code,
                check);
        return new Task.RunProcess(
                common,
                kind,
                values.template(process, at, "name"),
                values.template(process, at, "image"),
                check.code(() -> values.template(process, at, code)),
                language,
                values.template(process, at, "arguments"),
                values.template(process, at, "environment"),
                stdin(process, at),
                check.choice(
                        process,
                        at,
                        "pullPolicy",
                        Task.PullPolicy.class,
                        Task.PullPolicy.IF_NOT_PRESENT),
                lifetime.keep(),
                lifetime.keepFor(),
                await,
                returns,
                placement);
    }

    private void checkArguments(
            JsonNode arguments, String pointer, ProcessKind kind, @Nullable Language language) {
        if (arguments.isObject()) {
            check.report(
                    "wrong-type",
                    pointer,
                    "'arguments' is an object, which DSL 1.0.0 and 1.0.1 had; it is a list since",
                    "a list of texts",
                    listed(arguments, kind, language));
        } else if (!arguments.isMissingNode() && !arguments.isArray() && !arguments.isTextual()) {
            check.report(
                    "wrong-type",
                    pointer,
                    "'arguments' is %s".formatted(Check.kind(arguments)),
                    "a list of texts",
                    null);
        }
    }

    /** How a map of arguments is written now. */
    private static String listed(
            JsonNode arguments, ProcessKind kind, @Nullable Language language) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        arguments.forEach(list::add);
        String first =
                switch (kind) {
                    case CONTAINER -> "the first argument of the command";
                    case SHELL -> "$1";
                    case SCRIPT -> language == Language.PYTHON ? "sys.argv[1]" : "process.argv[2]";
                };
        return "write arguments: %s, and read the first as %s; names can be kept under 'environment'"
                .formatted(list, first);
    }

    private @Nullable Template stdin(JsonNode process, String at) {
        return process.path("stdin") instanceof MissingNode
                ? null
                : Templates.value(process.get("stdin"), at + "/stdin", check);
    }

    private @Nullable Task workflow(
            Task.Common common, JsonNode process, String at, boolean await, ProcessReturn returns) {
        check.known(process, at, "'workflow'", Set.of("namespace", "name", "version", "input"));
        check.required(process, at, "namespace", "the workflow");
        check.required(process, at, "name", "the workflow");
        String namespace = check.text(process, at, "namespace", "workflow");
        String name = check.text(process, at, "name", "workflow");
        String version = check.text(process, at, "version", "workflow");
        if (namespace == null || name == null) {
            return null;
        }
        String wanted = version == null || version.equals("latest") ? null : version;
        DefinitionRef ref =
                tasks.registry.find(DefinitionKind.WORKFLOW, namespace, name, wanted).orElse(null);
        if (ref == null) {
            String hint =
                    Nearest.hint(
                            namespace + "/" + name, tasks.registry.names(DefinitionKind.WORKFLOW));
            check.report(
                    "unknown-workflow",
                    at,
                    "workflow '%s/%s%s' is not registered%s"
                            .formatted(namespace, name, wanted == null ? "" : ":" + wanted, hint),
                    "a registered workflow",
                    hint.isEmpty() ? "publish it first" : hint.substring(2));
            return null;
        }
        return new Task.RunWorkflow(
                common, ref, values.template(process, at, "input"), await, returns);
    }
}
