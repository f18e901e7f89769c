package dev.gantry.orchestrator.definition.plan;

import dev.gantry.orchestrator.id.DefinitionRef;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A process that its workflow does not wait for. It is an execution of its own, with steps, logs
 * and an end like any other; its definition is the one task, as a build of its workflow's version:
 * {@code 1.0.0+process.<the task's pointer in hexadecimal digits>}. Its input is the request that
 * its workflow worked out.
 */
public final class DetachedProcess {
    private static final Pattern VERSION = Pattern.compile("(.+)[+.]process\\.([0-9a-f]+)");

    private DetachedProcess() {}

    public static DefinitionRef ref(DefinitionRef workflow, String pointer) {
        String build = workflow.version().contains("+") ? "." : "+";
        String digits = HexFormat.of().formatHex(pointer.getBytes(StandardCharsets.UTF_8));
        return new DefinitionRef(
                workflow.kind(),
                workflow.namespace(),
                workflow.name(),
                workflow.version() + build + "process." + digits);
    }

    /** The workflow that a process belongs to; null if the reference is that of none. */
    public static @Nullable DefinitionRef workflow(DefinitionRef ref) {
        Matcher matcher = VERSION.matcher(ref.version());
        return matcher.matches()
                ? new DefinitionRef(ref.kind(), ref.namespace(), ref.name(), matcher.group(1))
                : null;
    }

    /**
     * @param workflow the plan of {@link #workflow}
     */
    public static WorkflowPlan plan(WorkflowPlan workflow, DefinitionRef ref) {
        Matcher matcher = VERSION.matcher(ref.version());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(ref + " is no process");
        }
        byte[] pointer = HexFormat.of().parseHex(matcher.group(2));
        Task task = workflow.task(new String(pointer, StandardCharsets.UTF_8));
        if (!(task instanceof Task.RunProcess run)) {
            throw new IllegalArgumentException(ref + " is no process");
        }
        Task.Common common =
                new Task.Common(
                        run.name(),
                        run.pointer(),
                        null,
                        DataFlow.IDENTITY,
                        null,
                        Directive.CONTINUE,
                        run.common().definition(),
                        null,
                        run.common().idempotencyKey() == null ? null : given("key"));
        Task.RunProcess awaited =
                new Task.RunProcess(
                        common,
                        run.kind(),
                        run.title() == null ? null : given("name"),
                        run.image() == null ? null : given("image"),
                        run.code() == null ? null : given("code"),
                        run.language(),
                        run.arguments() == null ? null : given("arguments"),
                        run.environment() == null ? null : given("environment"),
                        run.stdin() == null ? null : given("stdin"),
                        run.pullPolicy(),
                        run.keep(),
                        run.keepFor(),
                        true,
                        run.returns(),
                        run.placement());
        return new WorkflowPlan(
                ref,
                DataFlow.IDENTITY,
                null,
                new Scope(run.pointer(), List.of(awaited)),
                List.of(),
                List.of(),
                null,
                Set.of(),
                workflow.document());
    }

    private static Template given(String field) {
        return (input, arguments) -> input.path(field);
    }
}
