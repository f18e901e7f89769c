package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code use.extensions}: tasks before and after those of a type. They are not extended themselves.
 */
final class Extensions {
    private static final List<String> TYPES =
            List.of(
                    "all",
                    "call",
                    "composite",
                    "emit",
                    "for",
                    "fork",
                    "listen",
                    "raise",
                    "run",
                    "set",
                    "switch",
                    "try",
                    "wait");

    private final TaskCompiler tasks;
    private final Check check;
    private final Map<String, JsonNode> extensions = new LinkedHashMap<>();
    private boolean isExtending;

    Extensions(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
    }

    /** Looks at all of them, whether they apply or not. */
    void look(JsonNode list) {
        String at = "/use/extensions";
        JsonNode all = check.list(list, at, "'use.extensions'");
        for (int i = 0; i < all.size(); i++) {
            JsonNode entry = check.object(all.get(i), at + "/" + i, "the extension");
            if (entry.size() != 1) {
                if (!entry.isMissingNode()) {
                    check.report(
                            "invalid-extension",
                            at + "/" + i,
                            "an extension has %d names".formatted(entry.size()),
                            "one name, with 'extend' below it",
                            null);
                }
                continue;
            }
            String name = entry.fieldNames().next();
            String below = Check.join(at + "/" + i, name);
            JsonNode extension =
                    check.object(entry.get(name), below, "extension '%s'".formatted(name));
            if (extension.isMissingNode()) {
                continue;
            }
            look(name, extension, below);
            if (extensions.putIfAbsent(name, extension) != null) {
                check.report(
                        "duplicate-extension",
                        below,
                        "extension '%s' stands twice".formatted(name),
                        "a name of its own",
                        "rename one of the two");
            }
        }
    }

    private void look(String name, JsonNode extension, String pointer) {
        check.known(
                extension,
                pointer,
                "extension '%s'".formatted(name),
                Set.of("extend", "when", "before", "after"));
        check.required(extension, pointer, "extend", "the extension");
        String type = check.text(extension, pointer, "extend", "extension");
        if (type != null && !TYPES.contains(type)) {
            check.report(
                    "invalid-value",
                    pointer + "/extend",
                    "'extend' is '%s'%s".formatted(type, Nearest.hint(type, TYPES)),
                    "one of " + TYPES,
                    null);
        }
        isExtending = true;
        var _ =
                check.visible.anywhere(() -> {
                    block(name, extension, "before", pointer, pointer);
                    return block(name, extension, "after", pointer, pointer);
                });
        isExtending = false;
    }

    /** The task, compiled as what is {@code within}, with what comes before and after it. */
    Task extend(Task task, String word, Task.Common whole) {
        if (!mayExtend(word)) {
            return task;
        }
        List<Task> before = new ArrayList<>();
        List<Task> after = new ArrayList<>();
        isExtending = true;
        extensions.forEach((name, extension) -> {
            if (applies(extension, word)) {
                String at = Check.join(task.pointer() + "/extensions", name);
                Task.Do first = again(name, extension, "before", at);
                Task.Do last = again(name, extension, "after", at);
                if (first != null) {
                    before.add(first);
                }
                if (last != null) {
                    // What began first ends last.
                    after.addFirst(last);
                }
            }
        });
        isExtending = false;
        int at = before.size();
        List<Task> all = new ArrayList<>(before);
        all.add(task);
        all.addAll(after);
        return new Task.Extended(whole.around(), new Scope(task.pointer(), all), at);
    }

    /** Whether some extension applies to tasks with the keyword. */
    boolean mayExtend(String word) {
        return !isExtending
                && extensions.values().stream().anyMatch(extension -> applies(extension, word));
    }

    private static boolean applies(JsonNode extension, String word) {
        String extended = extension.path("extend").asText();
        return (extended.equals("all") || extended.equals(word.equals("do") ? "composite" : word))
                && (extension.has("before") || extension.has("after"));
    }

    /** What is wrong with it was reported where it stands. */
    private Task.@Nullable Do again(String name, JsonNode extension, String part, String at) {
        return check.muted(() -> block(name, extension, part, at, at));
    }

    private Task.@Nullable Do block(
            String name, JsonNode extension, String part, String pointer, String conditionAt) {
        JsonNode list = extension.path(part);
        if (list.isMissingNode()) {
            return null;
        }
        Task.Common common =
                new Task.Common(
                        name,
                        pointer + "/" + part,
                        tasks.values.condition(extension, conditionAt, "when", "extension"),
                        DataFlow.IDENTITY,
                        null,
                        Directive.CONTINUE,
                        extension);
        return new Task.Do(common, tasks.scope(list, pointer + "/" + part, "'%s'".formatted(part)));
    }
}
