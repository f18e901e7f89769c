package dev.gantry.orchestrator.definition.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Documents as text, compiled without a registry. */
public final class Documents {
    private Documents() {}

    private static DocumentCompiler.Compiled compile(String yaml) {
        return DocumentCompiler.compile(
                SourceReader.read(yaml.getBytes(StandardCharsets.UTF_8)), new FakeRegistry());
    }

    public static WorkflowPlan workflow(String yaml) {
        DocumentCompiler.Compiled compiled = compile(yaml);
        assertThat(compiled.problems()).isEmpty();
        return Objects.requireNonNull(compiled.workflow());
    }

    /** Code and pointer of each. */
    public static List<String> problems(String yaml) {
        return compile(yaml).problems().stream()
                .map(problem -> problem.code() + " " + problem.pointer())
                .toList();
    }
}
