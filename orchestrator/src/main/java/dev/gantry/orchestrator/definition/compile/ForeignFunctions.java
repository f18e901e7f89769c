package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.Source;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.plan.Task;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions that stand outside of the registry and the document: at an address, or in a catalog.
 * Such a function is a task, written in a document of its own.
 */
final class ForeignFunctions {
    private static final Pattern CATALOGED =
            Pattern.compile(
                    "([A-Za-z0-9][A-Za-z0-9_.-]*):([A-Za-z0-9][A-Za-z0-9_.+-]*)@([A-Za-z0-9_.-]+)");
    private static final int DEEPEST = 5;

    private final TaskCompiler tasks;
    private final Check check;

    ForeignFunctions(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
    }

    /** Whether a call names one of these. */
    boolean isForeign(String called) {
        if (called.contains("://")) {
            return true;
        }
        Matcher matcher = CATALOGED.matcher(called);
        return matcher.matches()
                && (!matcher.group(3).equals("default")
                        || tasks.reusables.has("catalogs", "default"));
    }

    /**
     * The function's task, to be run below the call; null after reporting what is wrong.
     *
     * @param pointer of the call
     * @param at where the task is to stand
     */
    @Nullable Task find(String called, String pointer, String at) {
        byte[] content = content(called, pointer);
        if (content == null) {
            return null;
        }
        if (tasks.depth >= DEEPEST) {
            check.report(
                    "recursive-function",
                    pointer,
                    "functions that call each other from address to address are nested deeper than %d"
                            .formatted(DEEPEST),
                    null,
                    null);
            return null;
        }
        Source source = SourceReader.read(content);
        Check inner = check.ofOther(source);
        String name = called.replace('/', '_');
        // Once to see what is wrong, at its own places; then at the place that it gets here.
        Task seen = compile(source.root(), inner, name, "");
        List<Problem> problems = inner.problems();
        if (seen == null || !problems.isEmpty()) {
            check.report(
                    "invalid-function",
                    pointer,
                    problems.isEmpty()
                            ? "what '%s' gives is no task".formatted(called)
                            : "the function at '%s' has %d problem(s), the first: %s (line %d)"
                                    .formatted(
                                            called,
                                            problems.size(),
                                            problems.getFirst().message(),
                                            problems.getFirst().line()),
                    "a task, as the language has it",
                    null);
            return null;
        }
        return compile(source.root(), check.ofOther(source), name, at);
    }

    private @Nullable Task compile(JsonNode root, Check inner, String name, String at) {
        Reusables none = Reusables.of(JsonNodeFactory.instance.objectNode(), inner);
        TaskCompiler nested =
                new TaskCompiler(inner, new Values(inner), none, tasks.registry, tasks);
        return nested.task(name, root, at, List.of(name));
    }

    private byte @Nullable [] content(String called, String pointer) {
        if (called.contains("://")) {
            return tasks.external.get(called, pointer, null, "");
        }
        Matcher matcher = CATALOGED.matcher(called);
        if (!matcher.matches()) {
            return null;
        }
        String catalog = matcher.group(3);
        JsonNode found = tasks.reusables.find("catalogs", catalog, pointer, check);
        if (found == null) {
            return null;
        }
        JsonNode endpoint = found.path("endpoint");
        return endpoint.isMissingNode()
                ? null // Reported where the catalog is defined.
                : tasks.external.endpoint(
                        endpoint,
                        Check.join("/use/catalogs", catalog) + "/endpoint",
                        "/functions/%s/%s/function.yaml"
                                .formatted(matcher.group(1), matcher.group(2)));
    }
}
