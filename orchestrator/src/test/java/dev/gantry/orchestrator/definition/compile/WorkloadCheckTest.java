package dev.gantry.orchestrator.definition.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Adapters look at what documents ask of them. */
class WorkloadCheckTest {
    private final List<Workload> seen = new ArrayList<>();
    private List<WorkloadProblem> problems = List.of();
    private Map<String, WorkloadProblem> lacks = Map.of();

    private final class Adapters implements Registry {
        @Override
        public Optional<DefinitionRef> find(
                DefinitionKind kind, String namespace, String name, @Nullable String version) {
            return Optional.empty();
        }

        @Override
        public Collection<String> names(DefinitionKind kind) {
            return List.of();
        }

        @Override
        public Set<String> adapters() {
            return Set.of("docker", "local-mock");
        }

        @Override
        public List<String> candidates(Need need) {
            return need.classes().contains(RuntimeClass.CONTAINER)
                    ? List.of("docker", "local-mock")
                    : List.of();
        }

        @Override
        public Map<String, WorkloadProblem> lacks(Need need) {
            return lacks;
        }

        @Override
        public List<WorkloadProblem> check(String adapter, Workload workload) {
            seen.add(workload);
            return problems;
        }
    }

    private List<Problem> compile(String yaml) {
        return DocumentCompiler.compile(
                        SourceReader.read(yaml.getBytes(StandardCharsets.UTF_8)), new Adapters())
                .problems();
    }

    private List<Problem> function(String runtime) {
        return compile(document(runtime));
    }

    private static String document(String runtime) {
        return """
        function: charge
        namespace: test
        version: 1.0.0
        runtime: {class: container, %s}
        tags: {owner: a, domain: b, sensitivity: c, lifecycle: experimental}
        """
                .formatted(runtime);
    }

    private List<Problem> run(String task) {
        return compile(
                """
                document: {dsl: 1.0.3, namespace: test, name: a, version: 1.0.0}
                do: [{step: {%s}}]
                """
                        .formatted(task));
    }

    private static WorkloadProblem at(String pointer) {
        return new WorkloadProblem(pointer, "no", "yes", "did you mean 'yes'?");
    }

    @Test
    void showsEachAdapterItsOwnBlock() {
        problems = List.of(at("/imgae"), at("/environment/a~1b"));

        List<Problem> found = function("docker: {imgae: a}");

        assertThat(seen)
                .containsExactly(
                        new Workload.Function("test/charge", "1.0.0", Map.of("imgae", "a")));
        assertThat(found)
                .extracting(Problem::code, Problem::pointer, Problem::line, Problem::suggestion)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                "invalid-workload",
                                "/runtime/docker/imgae",
                                4,
                                "did you mean 'yes'?"),
                        org.assertj.core.groups.Tuple.tuple(
                                "invalid-workload",
                                "/runtime/docker/environment/a~1b",
                                4,
                                "did you mean 'yes'?"));
    }

    @Test
    void leavesABlockAloneWhoseAdapterIsNotHereUnlessItIsATypo() {
        assertThat(function("k8s-job: {image: a}")).isEmpty();
        assertThat(function("dokcer: {image: a}"))
                .extracting(Problem::pointer, Problem::suggestion)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "/runtime/dokcer", "did you mean 'docker'?"));
    }

    @Test
    void refusesWhatAdaptersLackOnlyWhereNoneIsLeft() {
        lacks = Map.of("docker", at("/image"));
        String runtime = "docker: {image: a}";

        assertThat(function(runtime)).isEmpty();
        assertThat(compile(document(runtime).replace("class: container", "class: job")))
                .extracting(Problem::code, Problem::pointer, Problem::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "invalid-workload", "/runtime/docker/image", "no"));
    }

    @Test
    void showsSourcesToTheAdaptersThatMayRunThem() {
        problems = List.of(at("/image"), at("/script"));

        List<Problem> found = function("source: {language: python, image: a, code: print(1)}");

        assertThat(found)
                .extracting(Problem::pointer)
                .containsExactlyInAnyOrder("/runtime/source/image", "/runtime/source/code");
    }

    @Test
    void showsProcessesAsFarAsTheirDocumentTells() {
        problems = List.of(at("/image"), at("/arguments/1"), at("/elsewhere"));

        List<Problem> found =
                run(
                        """
                        run: {container: {image: a, command: "${ .x }", arguments: [b, "${ .y }"],
                              environment: {K: v, L: "${ .z }", N: 5}}}\
                        """);

        assertThat(found)
                .extracting(Problem::pointer)
                .containsExactlyInAnyOrder(
                        "/do/0/step/run/container/image",
                        "/do/0/step/run/container/arguments/1",
                        "/do/0/step/run/container");
        assertThat(seen).hasSize(2);
        Workload.Process process = (Workload.Process) seen.getFirst();
        assertThat(process.image()).isEqualTo("a");
        assertThat(process.command()).isEmpty();
        assertThat(process.arguments()).containsExactly("b", "");
        assertThat(process.environment()).isEqualTo(Map.of("K", "v", "L", "", "N", "5"));
    }

    @Test
    void asksNobodyWhoCannotTakeTheStep() {
        problems = List.of(at("/image"));

        assertThat(run("run: {container: {image: a}}, metadata: {gantry: {runtime: {class: job}}}"))
                .isEmpty();
    }
}
