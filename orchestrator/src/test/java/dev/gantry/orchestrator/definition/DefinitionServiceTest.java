package dev.gantry.orchestrator.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.database.TestPostgres;
import dev.gantry.orchestrator.definition.Definitions.Format;
import dev.gantry.orchestrator.definition.Definitions.Published;
import dev.gantry.orchestrator.definition.Definitions.Resolution;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PlainPayloads;
import dev.gantry.orchestrator.payload.Turned;
import dev.gantry.spi.Failure;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DefinitionServiceTest {
    private static final TenantId ACME = new TenantId("acme");
    private final Picky picky = new Picky();
    private Jdbi jdbi;
    private DefinitionService definitions;

    @BeforeAll
    void start() {
        jdbi = TestPostgres.migrated().jdbi();
        definitions = fresh();
    }

    private DefinitionService fresh() {
        return new DefinitionService(
                jdbi,
                new Turned(),
                (tenant, uri, authentication, secrets) -> {
                    throw new IOException("there is no network in this test");
                },
                picky);
    }

    /** An adapter whose platform forbids more and more. */
    private static final class Picky implements Workloads {
        private final List<String> undeployed = new ArrayList<>();
        private boolean forbids;
        private boolean keeps;

        @Override
        public Set<String> adapters() {
            return Set.of("docker");
        }

        @Override
        public List<String> candidates(TenantId tenant, Need need) {
            return List.of("docker");
        }

        @Override
        public List<WorkloadProblem> check(TenantId tenant, String adapter, Workload workload) {
            return forbids
                    ? List.of(
                            new WorkloadProblem(
                                    "/image", "no image for " + tenant.value(), null, null))
                    : List.of();
        }

        @Override
        public void undeploy(TenantId tenant, String adapter, Workload.Function function)
                throws TeardownException {
            if (keeps) {
                throw new TeardownException(
                        new Failure(
                                "AWAY", "no", Failure.Actor.BACKEND, true, Failure.Progress.ENDED));
            }
            undeployed.add("%s %s:%s".formatted(adapter, function.name(), function.version()));
        }
    }

    @Test
    void keepsAVersionWhoseDeployedFunctionCannotBeTakenAway() throws Exception {
        String function =
                function("deployed", "1.0.0").replace("faas}", "faas, docker: {image: a}}");
        publish(function);
        DefinitionRef ref = ref(DefinitionKind.FUNCTION, "deployed", "1.0.0");

        picky.keeps = true;
        assertThatThrownBy(() -> definitions.delete(ACME, ref, "user:ann"))
                .isInstanceOf(TeardownException.class);
        assertThat(definitions.find(ACME, ref)).isPresent();
        picky.keeps = false;

        assertThat(definitions.delete(ACME, ref, "user:ann")).isTrue();
        assertThat(picky.undeployed).containsExactly("docker test/deployed:1.0.0");
    }

    @Test
    void asksTheAdaptersWhenItPublishesAndNotWhenItRuns() {
        String function = function("picky", "1.0.0").replace("faas}", "faas, docker: {image: a}}");
        String workflow =
                """
                document: {dsl: 1.0.3, namespace: test, name: picky, version: 1.0.0}
                do: [{step: {run: {container: {image: a}}}}]
                """;
        publish(function);
        publish(workflow);

        picky.forbids = true;

        assertThat(problems(publish(function.replace("1.0.0", "1.0.1"))))
                .containsExactly("/runtime/docker/image no image for acme");
        assertThat(problems(publish(workflow.replace("1.0.0", "1.0.1"))))
                .containsExactly("/do/0/step/run/container/image no image for acme");
        DefinitionService later = fresh();
        assertThat(later.function(ACME, ref(DefinitionKind.FUNCTION, "picky", "1.0.0")))
                .isNotNull();
        assertThat(later.workflow(ACME, ref(DefinitionKind.WORKFLOW, "picky", "1.0.0")))
                .isNotNull();
        picky.forbids = false;
    }

    private static DefinitionRef ref(DefinitionKind kind, String name, String version) {
        return new DefinitionRef(kind, "test", name, version);
    }

    private static List<String> problems(Published published) {
        return published instanceof Published.Invalid invalid
                ? invalid.problems().stream()
                        .map(problem -> problem.pointer() + " " + problem.message())
                        .toList()
                : List.of("published");
    }

    private Published publish(String document) {
        return definitions.publish(
                ACME, "user:ann", document.getBytes(StandardCharsets.UTF_8), Format.YAML);
    }

    private static String function(String name, String version) {
        return """
        function: %s
        namespace: test
        version: %s
        runtime: {class: faas}
        tags: {owner: a, domain: b, sensitivity: c, lifecycle: experimental}
        """
                .formatted(name, version);
    }

    private static String workflow(String name, String version, String call) {
        return """
        document: {dsl: 1.0.3, namespace: test, name: %s, version: %s}
        do:
          - step: {call: "%s"}
        """
                .formatted(name, version, call);
    }

    @Test
    void keepsVersionsAsTheyWerePublished() {
        assertThat(publish(function("kept", "1.0.0"))).isInstanceOf(Published.New.class);
        assertThat(publish("# a remark\n" + function("kept", "1.0.0")))
                .isInstanceOf(Published.Same.class);
        assertThat(publish(function("kept", "1.0.0").replace("owner: a", "owner: z")))
                .isInstanceOf(Published.Conflict.class);
        assertThat(publish("function: kept\n")).isInstanceOf(Published.Invalid.class);
    }

    @Test
    void resolvesTheLatestEnabledVersion() throws Exception {
        for (String version : new String[] {"1.9.0", "1.10.0", "2.0.0-rc.1", "2.0.0"}) {
            publish(function("latest", version));
        }
        DefinitionRef newest =
                new DefinitionRef(DefinitionKind.FUNCTION, "test", "latest", "2.0.0");

        assertThat(definitions.resolve(ACME, DefinitionKind.FUNCTION, "test", "latest", null))
                .isEqualTo(new Resolution.Found(newest));
        definitions.enable(ACME, newest, false, "user:ann");
        definitions.delete(
                ACME,
                new DefinitionRef(DefinitionKind.FUNCTION, "test", "latest", "2.0.0-rc.1"),
                "user:ann");
        assertThat(definitions.resolve(ACME, DefinitionKind.FUNCTION, "test", "latest", null))
                .isEqualTo(
                        new Resolution.Found(
                                new DefinitionRef(
                                        DefinitionKind.FUNCTION, "test", "latest", "1.10.0")));
        assertThat(definitions.resolve(ACME, DefinitionKind.FUNCTION, "test", "latest", "2.0.0"))
                .isInstanceOf(Resolution.Disabled.class);
        assertThat(
                        definitions.resolve(
                                new TenantId("other"),
                                DefinitionKind.FUNCTION,
                                "test",
                                "latest",
                                null))
                .isInstanceOf(Resolution.Missing.class);
        assertThat(definitions.list(ACME, DefinitionKind.FUNCTION, "test", null, 100))
                .anyMatch(d -> d.ref().equals(newest));
    }

    @Test
    void pinsWhatAWorkflowRefersTo() throws Exception {
        publish(function("pinned", "1.0.0"));
        publish(workflow("uses", "1.0.0", "pinned@default"));
        publish(function("pinned", "2.0.0"));
        definitions.delete(
                ACME,
                new DefinitionRef(DefinitionKind.FUNCTION, "test", "pinned", "1.0.0"),
                "user:ann");

        // A registry without anything compiled, as after a restart.
        assertThat(
                        fresh().workflow(
                                        ACME,
                                        new DefinitionRef(
                                                DefinitionKind.WORKFLOW, "test", "uses", "1.0.0"))
                                .functions())
                .hasToString("[test/pinned:1.0.0]");
        assertThat(
                        fresh().function(
                                        ACME,
                                        new DefinitionRef(
                                                DefinitionKind.FUNCTION, "test", "pinned", "1.0.0"))
                                .idempotent())
                .isFalse();
    }

    @Test
    void pagesThroughNamesWithoutRepeatingOrSkipping() {
        TenantId tenant = new TenantId("pages");
        // '-' sorts before '/', so a namespace and one that continues it are the hard case.
        for (String name : List.of("a/x", "a-b/x", "a/x-y", "b/x")) {
            String document =
                    function(name.split("/", -1)[1], "1.0.0")
                            .replace("namespace: test", "namespace: " + name.split("/", -1)[0]);
            publish(tenant, document);
            publish(tenant, document.replace("version: 1.0.0", "version: 1.1.0"));
        }
        publish(
                tenant,
                """
                document: {dsl: 1.0.3, namespace: a, name: x, version: 1.0.0}
                do:
                  - step: {set: {x: 1}}
                """);

        List<String> seen = new ArrayList<>();
        String after = null;
        while (true) {
            List<Definitions.Definition> page = definitions.list(tenant, null, null, after, 1);
            if (page.isEmpty()) {
                break;
            }
            page.forEach(d -> seen.add(d.ref().kind().label() + " " + d.ref()));
            DefinitionRef last = page.getLast().ref();
            after = last.namespace() + "/" + last.name();
        }

        assertThat(seen)
                .containsExactly(
                        "function a-b/x:1.1.0",
                        "function a/x:1.1.0",
                        "workflow a/x:1.0.0",
                        "function a/x-y:1.1.0",
                        "function b/x:1.1.0");
    }

    @Test
    void refusesToPinWhatIsDeletedAndTakesItBackWhenPublishedAgain() throws Exception {
        publish(function("gone", "1.0.0"));
        DefinitionRef gone = new DefinitionRef(DefinitionKind.FUNCTION, "test", "gone", "1.0.0");
        assertThat(definitions.delete(ACME, gone, "user:ann")).isTrue();
        assertThat(definitions.find(ACME, gone)).isEmpty();
        assertThat(definitions.delete(ACME, gone, "user:ann")).isFalse();

        assertThat(publish(workflow("late", "1.0.0", "gone:1.0.0@default")))
                .isInstanceOfSatisfying(
                        Published.Invalid.class,
                        invalid ->
                                assertThat(invalid.problems())
                                        .extracting(Problem::code)
                                        .containsExactly("unknown-function"));
        assertThat(publish(function("gone", "1.0.0").replace("owner: a", "owner: z")))
                .isInstanceOf(Published.Conflict.class);
        assertThat(publish(function("gone", "1.0.0"))).isInstanceOf(Published.New.class);
        assertThat(publish(workflow("late", "1.0.0", "gone:1.0.0@default")))
                .isInstanceOf(Published.New.class);
    }

    @Test
    void recordsWhoDidWhatToADefinition() throws Exception {
        DefinitionRef traced =
                new DefinitionRef(DefinitionKind.FUNCTION, "test", "traced", "1.0.0");
        publish(function("traced", "1.0.0"));
        publish(function("traced", "1.0.0"));
        definitions.enable(ACME, traced, false, "user:bob");
        assertThat(definitions.enable(ACME, traced, false, "user:cid")).isTrue();
        definitions.enable(ACME, traced, true, "user:bob");
        definitions.delete(ACME, traced, "client:cleaner");
        assertThat(definitions.enable(ACME, traced, true, "user:cid")).isFalse();
        publish(function("traced", "1.0.0"));

        List<Definitions.Change> changes =
                definitions.changes(ACME, null, "test", "traced", null, 100);
        assertThat(changes.reversed())
                .extracting(change -> change.action() + " " + change.by())
                .containsExactly(
                        "PUBLISHED user:ann",
                        "DISABLED user:bob",
                        "ENABLED user:bob",
                        "DELETED client:cleaner",
                        "RESTORED user:ann");
        assertThat(changes)
                .allMatch(change -> change.ref().equals(traced))
                .allMatch(change -> change.digest().startsWith("sha256:"));
        assertThat(
                        definitions.changes(
                                ACME,
                                DefinitionKind.FUNCTION,
                                "test",
                                "traced",
                                changes.get(1).id(),
                                2))
                .containsExactly(changes.get(2), changes.get(3));
        assertThat(definitions.changes(ACME, DefinitionKind.WORKFLOW, "test", "traced", null, 9))
                .isEmpty();
        assertThat(definitions.changes(new TenantId("other"), null, "test", "traced", null, 9))
                .isEmpty();
    }

    private void publish(TenantId tenant, String document) {
        assertThat(
                        definitions.publish(
                                tenant,
                                "user:ann",
                                document.getBytes(StandardCharsets.UTF_8),
                                Format.YAML))
                .isInstanceOf(Published.New.class);
    }

    /** As an earlier version of Gantry may have let it in. */
    @Test
    void runsWhatWasPublishedBeforeACheckWasThere() {
        DefinitionRef ref = new DefinitionRef(DefinitionKind.WORKFLOW, "test", "earlier", "1.0.0");
        String document =
                """
                document: {dsl: 1.0.3, namespace: test, name: earlier, version: 1.0.0}
                do:
                  - step: {set: {x: "${ $unheardOf }", y: "${ $secrets.key }"}}
                """;
        assertThat(publish(document)).isInstanceOf(Published.Invalid.class);
        new JdbiDefinitions(jdbi, new PlainPayloads())
                .insert(
                        ACME,
                        ref,
                        "sha256:1",
                        Format.YAML,
                        "user:ann",
                        document.getBytes(StandardCharsets.UTF_8),
                        Map.of(),
                        Map.of(),
                        false);

        assertThat(definitions.workflow(ACME, ref).main().tasks()).hasSize(1);
    }
}
