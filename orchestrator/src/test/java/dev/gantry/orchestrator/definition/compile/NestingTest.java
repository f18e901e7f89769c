package dev.gantry.orchestrator.definition.compile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.explain.Explanation;
import dev.gantry.orchestrator.definition.explain.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How deep tasks may be nested: a number of tasks, whatever kind they are of. */
class NestingTest {
    private static final int MOST = 220;

    /** Opens and closes a task with one below it; a number stands for %d. */
    private static final List<String[]> KINDS =
            List.of(
                    new String[] {"{do: [{t%d: ", "}]}"},
                    new String[] {"{try: [{t%d: ", "}], catch: {}}"},
                    new String[] {"{try: [{x: {set: {a: 1}}}], catch: {do: [{t%d: ", "}]}}"},
                    new String[] {"{for: {in: '[1]'}, do: [{t%d: ", "}]}"},
                    new String[] {"{fork: {branches: [{t%d: ", "}]}}"},
                    new String[] {
                        "{listen: {to: {one: {with: {type: t}}}}, foreach: {do: [{t%d: ", "}]}}"
                    });

    /**
     * @param kind null for all of them in turn
     */
    private static String nested(int tasks, @Nullable Integer kind) {
        StringBuilder text =
                new StringBuilder(
                        "document: {dsl: '1.0.3', namespace: a, name: b, version: '1.0.0'}\ndo: [{t0: ");
        for (int i = 1; i < tasks; i++) {
            text.append(KINDS.get(kind == null ? i % KINDS.size() : kind)[0].formatted(i));
        }
        text.append("{set: {x: 1}}");
        for (int i = tasks - 1; i > 0; i--) {
            text.append(KINDS.get(kind == null ? i % KINDS.size() : kind)[1]);
        }
        return text.append("}]\n").toString();
    }

    private static DocumentCompiler.Compiled compile(String text) {
        return DocumentCompiler.compile(
                SourceReader.read(text.getBytes(UTF_8)), new FakeRegistry());
    }

    @Test
    void takesTasksUpToTheLimitWhateverTheirKind() {
        for (int kind = 0; kind < KINDS.size(); kind++) {
            assertThat(compile(nested(MOST, kind)).problems()).as("kind %d", kind).isEmpty();
        }
        String all = nested(MOST, null);
        assertThat(compile(all).workflow()).isNotNull();
        assertThat(Explanation.of(all.getBytes(UTF_8)).markdown()).contains("t219");
        assertThat(Graph.of(all.getBytes(UTF_8)).nodes()).hasSizeGreaterThan(MOST);
    }

    @Test
    void refusesWhatIsDeeperWhereItStands() {
        for (int tasks : List.of(MOST + 1, 1_000, 20_000)) {
            List<Problem> problems = compile(nested(tasks, null)).problems();

            assertThat(problems)
                    .as("%d tasks", tasks)
                    .extracting(Problem::code)
                    .containsOnly("nested-too-deeply");
            assertThat(problems.getFirst().pointer()).startsWith("/do/0/t0/try/0/t1/");
        }
        assertThat(compile(nested(MOST + 1, 0)).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.pointer()).endsWith("/t219/do/0/t220");
                    assertThat(problem.expected()).contains("220");
                });
    }

    /** What a function does is nested in the task that calls it. */
    @Test
    void countsFunctionsWhereTheyAreCalled() {
        String calling =
                nested(MOST - 19, 0)
                        .replace("{set: {x: 1}}", "{call: f}")
                        .replace("do: [{t0", "use: {functions: {f: FUNCTION}}\ndo: [{t0");
        String fits = "{do: [{a: ".repeat(18) + "{set: {x: 1}}" + "}]}".repeat(18);

        assertThat(compile(calling.replace("FUNCTION", fits)).problems()).isEmpty();
        assertThat(compile(calling.replace("FUNCTION", "{do: [{b: " + fits + "}]}")).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("nested-too-deeply");
                    assertThat(problem.pointer()).contains("/t200/call/0/f/do/0/b/");
                });
    }

    /** Servers give threads little: a megabyte has to do. */
    @Test
    void needsLittleOfAStack() throws InterruptedException {
        String text = nested(MOST, null);
        List<Object> compiled = new ArrayList<>();
        Thread thread =
                new Thread(
                        null,
                        () -> compiled.add(Objects.requireNonNull(compile(text).workflow())),
                        "small stack",
                        1 << 20);

        thread.start();
        thread.join();

        assertThat(compiled).hasSize(1);
    }
}
