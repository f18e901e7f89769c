package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.engine.Command.Ticket;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import dev.gantry.spi.Workload.Result;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What processes become for adapters. */
class AttemptFactoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefinitionRef REF =
            new DefinitionRef(DefinitionKind.WORKFLOW, "test", "a", "1.0.0");
    private static final Journal.Head HEAD =
            new Journal.Head(
                    new ExecutionId(UUID.randomUUID()),
                    new TenantId("acme"),
                    Initiator.parse("user:ann"),
                    0,
                    REF,
                    null,
                    null,
                    Instant.EPOCH);

    private final AttemptFactory attempts =
            new AttemptFactory(
                    new Binder(
                                    new MapConfigurationPropertySource(
                                            Map.of("gantry.execution.shell-image", "shells")))
                            .bindOrCreate(
                                    "gantry.execution", Bindable.of(ExecutionProperties.class)),
                    new NoFunctions(),
                    "here");

    private Workload.Process process(String run, String request) throws Exception {
        WorkflowPlan plan =
                Documents.workflow(
                        """
                        document: {dsl: 1.0.3, namespace: test, name: a, version: 1.0.0}
                        do: [{step: {run: {%s}}}]
                        """
                                .formatted(run));
        Task task = Objects.requireNonNull(plan.task("/do/0/step"));
        Ticket ticket =
                new Ticket(
                        1,
                        1,
                        task,
                        "",
                        "docker",
                        RuntimeClass.CONTAINER,
                        null,
                        JSON.readTree(request),
                        Instant.EPOCH,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Set.of());
        return (Workload.Process) attempts.build(HEAD, null, ticket).workload();
    }

    @ParameterizedTest
    @CsvSource({"js, node, script.js", "python, python3, script.py"})
    void givesScriptsAsFilesAndTheirArgumentsBehindThem(
            String language, String interpreter, String file) throws Exception {
        Workload.Process process =
                process(
                        "script: {language: %s, code: c, arguments: [a]}".formatted(language),
                        "{\"code\": \"c\", \"arguments\": [\"--version\", 2]}");

        assertThat(process.command()).containsExactly(interpreter);
        assertThat(process.script()).isEqualTo(new Workload.Script(file, "c"));
        assertThat(process.arguments()).containsExactly("--version", "2");
    }

    @Test
    void givesShellCommandsAsFiles() throws Exception {
        String code = "# x\n".repeat(100_000);

        Workload.Process shell =
                process(
                        "shell: {command: c, arguments: [a]}",
                        JSON.writeValueAsString(Map.of("code", code, "arguments", List.of("-x"))));
        Workload.Process container =
                process("container: {image: i, command: c}", "{\"image\": \"i\", \"code\": \"c\"}");

        assertThat(shell.image()).isEqualTo("shells");
        assertThat(shell.command()).containsExactly("/bin/sh");
        assertThat(shell.script()).isEqualTo(new Workload.Script("script.sh", code));
        assertThat(shell.arguments()).containsExactly("-x");
        assertThat(container.script()).isEqualTo(new Workload.Script("script.sh", "c"));
    }

    @Test
    void leavesAContainerItsOwnCommand() throws Exception {
        Workload.Process process =
                process(
                        "container: {image: i, arguments: [a]}",
                        "{\"image\": \"i\", \"arguments\": [\"a\"]}");

        assertThat(process.command()).isEmpty();
        assertThat(process.script()).isNull();
        assertThat(process.arguments()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({"stdout, STDOUT", "stderr, STDERR", "code, CODE", "none, CODE", "all, PROCESS"})
    void asksForWhatIsReturned(String returned, Result result) throws Exception {
        Workload.Process process =
                process("shell: {command: c}, return: " + returned, "{\"code\": \"c\"}");

        assertThat(process.result()).isEqualTo(result);
    }

    private static final class NoFunctions implements Catalog {
        @Override
        public DefinitionRef resolve(
                TenantId tenant,
                DefinitionKind kind,
                String namespace,
                String name,
                @Nullable String version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public WorkflowPlan plan(TenantId tenant, DefinitionRef ref) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FunctionPlan function(TenantId tenant, DefinitionRef ref) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<Need> needs(TenantId tenant, WorkflowPlan plan) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JsonNode secret(TenantId tenant, String name) {
            throw new UnsupportedOperationException();
        }
    }
}
