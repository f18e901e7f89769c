package dev.gantry.adapter.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Limits;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.model.AliasConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/** Functions that come from the sources in their definitions. */
class DeployTest {
    private static final String SOURCE =
            "def handler(event, context):\n    print('deployed')\n    return %d\n";

    /** Of a definition of its own for each test. */
    private final String name = "test/f" + UUID.randomUUID().toString().substring(0, 8);

    private Aws aws;

    @AutoClose private RunnerAdapter adapter;

    @BeforeEach
    void setUp() {
        aws = Aws.require();
        adapter = adapter();
    }

    private RunnerAdapter adapter() {
        return Aws.adapter(aws.endpoint, "allowed-functions", "", "deploy-role", aws.role);
    }

    private Workload.Function function(String version, String source) {
        return function(version, "script.py", source, "sync");
    }

    private Workload.Function function(String version, String file, String source, String mode) {
        return new Workload.Function(
                name,
                version,
                Map.of("deploy", true, "timeoutSeconds", 30, "mode", mode),
                new Workload.Script(file, source));
    }

    private static Attempt calling(Workload.Function function) {
        return Steps.of(function, "{}".getBytes(UTF_8), Limits.defaults());
    }

    private static String run(RunnerAdapter by, Workload.Function function) throws Exception {
        Attempt attempt = calling(function);
        Outcome outcome =
                by.run(by.provision(attempt), attempt, new Printed()).get(60, TimeUnit.SECONDS);
        return new String(((Outcome.Succeeded) outcome).output(), UTF_8);
    }

    /** What is there for this test's definition. */
    private List<FunctionConfiguration> deployed() {
        String prefix = Deployment.PREFIX + "acme_" + name.replaceFirst(".*/", "");
        return aws.lambda.listFunctionsPaginator().functions().stream()
                .filter(it -> it.functionName().startsWith(prefix))
                .toList();
    }

    private List<String> versions(String function) {
        return aws
                .lambda
                .listVersionsByFunction(it -> it.functionName(function))
                .versions()
                .stream()
                .map(FunctionConfiguration::version)
                .filter(version -> !version.equals("$LATEST"))
                .toList();
    }

    private List<String> aliases(String function) {
        return aws.lambda.listAliases(it -> it.functionName(function)).aliases().stream()
                .map(AliasConfiguration::name)
                .sorted()
                .toList();
    }

    private Deployment deployment(Workload.Function function) {
        return Deployment.of(
                "test",
                "acme",
                function,
                java.util.Objects.requireNonNull(function.source()),
                new Binding(function).target().orElseThrow(),
                java.util.Objects.requireNonNull(
                        new Binding(function).target().orElseThrow().shape()),
                aws.role);
    }

    @Test
    void runsTheSourceOfEachVersionAndMakesNothingTwice() throws Exception {
        assertThat(run(adapter, function("1.0.0", SOURCE.formatted(1)))).isEqualTo("1");
        assertThat(run(adapter, function("2.0.0", SOURCE.formatted(2)))).isEqualTo("2");
        assertThat(run(adapter, function("2.0.1", SOURCE.formatted(2)))).isEqualTo("2");
        try (RunnerAdapter restarted = adapter()) {
            assertThat(run(restarted, function("1.0.0", SOURCE.formatted(1)))).isEqualTo("1");
        }

        assertThat(deployed()).hasSize(2);
        assertThat(deployed())
                .allSatisfy(it -> assertThat(versions(it.functionName())).containsExactly("1"));
        assertThat(aliases(deployment(function("2.0.0", SOURCE.formatted(2))).functionName()))
                .containsExactly("v2-0-0", "v2-0-1");
        assertThat(
                        aws.lambda
                                .listTags(it -> it.resource(deployed().getFirst().functionArn()))
                                .tags())
                .containsEntry("dev.gantry.installation", "test")
                .containsEntry("dev.gantry.tenant", "acme")
                .containsEntry("dev.gantry.function", name);
    }

    @Test
    void collectsItsLogAndTellsItsUsage() throws Exception {
        Attempt attempt = calling(function("1.0.0", SOURCE.formatted(1)));
        var handle = adapter.provision(attempt);

        Outcome outcome = adapter.run(handle, attempt, new Printed()).get(60, TimeUnit.SECONDS);
        Printed printed = new Printed();
        adapter.collect(handle, attempt, printed);

        assertThat(printed.text()).isEqualTo("deployed\n");
        assertThat(((Outcome.Succeeded) outcome).usage().memoryLimitBytes()).isEqualTo(128L << 20);
    }

    @Test
    void runsJavaScriptToo() throws Exception {
        String source = "exports.handler = async (event) => ({js: true});\n";

        assertThat(run(adapter, function("1.0.0", "script.js", source, "sync")))
                .isEqualTo("{\"js\":true}");
    }

    @Test
    void deploysOnceWhereManyNodesBeginAtTheSameTime() throws Exception {
        Workload.Function function = function("1.0.0", SOURCE.formatted(1));
        List<RunnerAdapter> nodes = List.of(adapter, adapter(), adapter());
        List<CompletableFuture<String>> results = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (RunnerAdapter node : nodes) {
                results.add(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return run(node, function);
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                },
                                threads));
            }
        }

        assertThat(results).allSatisfy(it -> assertThat(it.join()).isEqualTo("1"));
        assertThat(deployed()).hasSize(1);
        String there = deployed().getFirst().functionName();
        assertThat(versions(there)).containsExactly("1");
        assertThat(aliases(there)).containsExactly("v1-0-0");
        nodes.get(1).close();
        nodes.get(2).close();
    }

    @Test
    void goesOnWhereAKilledProcessStopped() throws Exception {
        Workload.Function created = function("1.0.0", SOURCE.formatted(1));
        Workload.Function published = function("2.0.0", SOURCE.formatted(2));
        create(deployment(created));
        create(deployment(published));
        String second = deployment(published).functionName();
        aws.lambda.waiter().waitUntilFunctionActiveV2(it -> it.functionName(second));
        aws.lambda.publishVersion(it -> it.functionName(second));

        assertThat(run(adapter, created)).isEqualTo("1");
        assertThat(run(adapter, published)).isEqualTo("2");

        assertThat(versions(deployment(created).functionName())).containsExactly("1");
        assertThat(versions(second)).containsExactly("1");
        assertThat(aliases(second)).containsExactly("v2-0-0");
    }

    private void create(Deployment deployment) {
        aws.lambda.createFunction(it ->
                it.functionName(deployment.functionName())
                        .runtime(deployment.shape().runtime())
                        .handler(deployment.shape().handler())
                        .memorySize(deployment.shape().memoryMib())
                        .timeout(30)
                        .role(deployment.role())
                        .code(c -> c.zipFile(SdkBytes.fromByteArray(deployment.zip()))));
    }

    @Test
    void goesWithTheLastVersionOfItsDefinition() throws Exception {
        Workload.Function first = function("1.0.0", SOURCE.formatted(1));
        Workload.Function alike = function("1.0.1", SOURCE.formatted(1));
        run(adapter, first);
        run(adapter, alike);

        adapter.undeploy("acme", first);
        assertThat(deployed()).hasSize(1);
        assertThat(run(adapter, alike)).isEqualTo("1");
        adapter.undeploy("acme", alike);

        assertThat(deployed()).isEmpty();
        adapter.undeploy("acme", alike);
        assertThat(run(adapter, first)).as("deployed again").isEqualTo("1");
        adapter.undeploy("acme", first);
        assertThat(deployed()).isEmpty();
    }

    @Test
    void takesAwayNothingThatItHasNotDeployed() throws Exception {
        String there = aws.shared("return 1", java.time.Duration.ofSeconds(5));

        adapter.undeploy("acme", Steps.function(there));

        assertThat(aws.lambda.getFunction(it -> it.functionName(there)).configuration())
                .isNotNull();
    }

    @Test
    void runsNoCodeThatSomebodyElseHasPutThere() throws Exception {
        Workload.Function function = function("1.0.0", SOURCE.formatted(1));
        run(adapter, function);
        String there = deployed().getFirst().functionName();
        Deployment other = deployment(function("1.0.0", SOURCE.formatted(666)));
        aws.lambda.updateFunctionCode(
                it -> it.functionName(there).zipFile(SdkBytes.fromByteArray(other.zip())));
        aws.lambda.waiter().waitUntilFunctionUpdatedV2(it -> it.functionName(there));
        String version = aws.lambda.publishVersion(it -> it.functionName(there)).version();
        aws.lambda.updateAlias(
                it -> it.functionName(there).name("v1-0-0").functionVersion(version));

        try (RunnerAdapter fresh = adapter()) {
            Attempt attempt = calling(function);
            Failure failure =
                    catchThrowableOfType(ProvisionException.class, () -> fresh.provision(attempt))
                            .failure();

            assertThat(failure.message()).contains("somebody has changed it");
            assertThat(failure.retryable()).isFalse();
        }
    }
}
