package dev.gantry.adapter.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Limits;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document may say in its block for Lambda, and what settings may say. */
class CheckTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/";

    private static List<WorkloadProblem> problems(Map<String, Object> block, String... settings) {
        try (RunnerAdapter adapter = Aws.adapter("http://127.0.0.1:1", settings)) {
            return adapter.check("acme", calling(block));
        }
    }

    @Test
    void takesVersionsAndAliasesOfNamesAndArns() {
        assertThat(problems(Map.of("functionName", "f", "qualifier", 7))).isEmpty();
        assertThat(problems(Map.of("functionName", "f", "qualifier", "live", "mode", "sync")))
                .isEmpty();
        assertThat(
                        problems(
                                Map.of(
                                        "functionName",
                                        "arn:aws:lambda:eu-central-1:123456789012:function:f",
                                        "qualifier",
                                        "7")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "functionName,f:7,/functionName",
        "functionName,../f,/functionName",
        "functionName,arn:aws:lambda:us-east-1:123456789012:function:f,/functionName",
        "qualifier,$LATEST,/qualifier",
        "mode,snyc,/mode",
        "ids,header,/ids",
        "role,admin,/role",
        "tenantId,other,/tenantId",
        "timeout,5,/timeout",
        "timeoutSeconds,1m,/timeoutSeconds",
        "managedInstances,perhaps,/managedInstances"
    })
    void pointsAtWhatIsWrong(String key, String value, String pointer) {
        Map<String, Object> block =
                new java.util.HashMap<>(Map.of("functionName", "f", "qualifier", "live"));
        block.put(key, value);

        List<WorkloadProblem> problems = problems(block);

        assertThat(problems).extracting(WorkloadProblem::pointer).containsExactly(pointer);
        assertThat(problems.getFirst().message()).contains(value.equals("5") ? key : value);
    }

    @ParameterizedTest
    @CsvSource({
        "sync,false,900,true",
        "sync,false,901,false",
        "async,false,1800,false",
        "sync,true,1800,false",
        "async,true,1800,true",
        "async,true,5400,true",
        "async,true,5401,false",
        "sync,false,0,false"
    })
    void takesLongTimeoutsOfEventsOnManagedInstancesOnly(
            String mode, boolean managed, int seconds, boolean isRight) {
        Map<String, Object> block =
                Map.of(
                        "functionName",
                        "f",
                        "qualifier",
                        "live",
                        "mode",
                        mode,
                        "managedInstances",
                        managed,
                        "timeoutSeconds",
                        seconds);

        assertThat(problems(block))
                .extracting(WorkloadProblem::pointer)
                .isEqualTo(isRight ? List.of() : List.of("/timeoutSeconds"));
    }

    private static List<WorkloadProblem> deploying(
            String file, Map<String, Object> block, String... settings) {
        try (RunnerAdapter adapter = Aws.adapter("http://127.0.0.1:1", settings)) {
            return adapter.check(
                    "acme",
                    new Workload.Function("a/b", "1.0.0", block, new Workload.Script(file, "1")));
        }
    }

    @Test
    void deploysNothingWithoutARoleForIt() {
        Workload.Function function =
                new Workload.Function(
                        "a/b",
                        "1.0.0",
                        Map.of("deploy", true),
                        new Workload.Script("script.py", "1"));
        try (RunnerAdapter without = Aws.adapter("http://127.0.0.1:1");
                RunnerAdapter with = Aws.adapter("http://127.0.0.1:1", "deploy-role", ROLE + "f")) {
            assertThat(without.check("acme", function)).as("no mistake of the document").isEmpty();
            assertThat(without.lack(function))
                    .get()
                    .extracting(WorkloadProblem::pointer, WorkloadProblem::suggestion)
                    .containsExactly("/deploy", "have gantry.adapters.lambda.deploy-role set");
            assertThat(
                            catchThrowableOfType(
                                            ProvisionException.class,
                                            () ->
                                                    without.provision(
                                                            Steps.of(
                                                                    function,
                                                                    new byte[] {'1'},
                                                                    Limits.defaults())))
                                    .failure())
                    .returns(Code.NOT_ALLOWED, Failure::code)
                    .returns(Failure.Progress.NEVER_STARTED, Failure::progress);
            assertThat(without.lack(calling(Map.of("functionName", "f")))).isEmpty();
            assertThat(with.lack(function)).isEmpty();
            assertThat(with.check("acme", function)).isEmpty();
        }
    }

    private static Workload.Function calling(Map<String, Object> block) {
        return new Workload.Function("a/b", "1.0.0", block);
    }

    @Test
    void hasDeployedNothingWithoutARoleForIt() throws Exception {
        try (RunnerAdapter adapter = Aws.adapter("http://127.0.0.1:1")) {
            adapter.undeploy(
                    "acme",
                    new Workload.Function(
                            "a/b",
                            "1.0.0",
                            Map.of("deploy", true),
                            new Workload.Script("script.py", "1")));
        }
    }

    @Test
    void deploysNothingWithoutASource() {
        assertThat(problems(Map.of("deploy", true), "deploy-role", ROLE + "f"))
                .extracting(WorkloadProblem::pointer)
                .containsExactly("/deploy");
    }

    @ParameterizedTest
    @CsvSource({
        "script.py,handler,script.main,",
        "script.py,handler,app.main,/deploy/handler",
        "script.py,runtime,python3.12,",
        "script.py,runtime,nodejs22.x,/deploy/runtime",
        "script.js,runtime,nodejs24.x,",
        "script.sh,handler,script.main,/deploy",
        "script.py,memoryMiB,256,",
        "script.py,memoryMiB,64,/deploy/memoryMiB",
        "script.py,memoryMib,256,/deploy/memoryMib"
    })
    void checksWhatADeployedFunctionIsToBe(String file, String key, String value, String pointer) {
        Object written = value.matches("[0-9]+") ? Integer.valueOf(value) : value;

        assertThat(
                        deploying(
                                file,
                                Map.of("deploy", Map.of(key, written)),
                                "deploy-role",
                                ROLE + "f"))
                .extracting(WorkloadProblem::pointer)
                .isEqualTo(pointer == null ? List.of() : List.of(pointer));
    }

    @ParameterizedTest
    @CsvSource({
        "functionName,f",
        "qualifier,live",
        "mode,durable",
        "tenantId,{tenant}",
        "deploy,yes"
    })
    void namesADeployedFunctionItself(String key, String value) {
        Map<String, Object> block = new java.util.HashMap<>(Map.of("deploy", true));
        block.put(key, value);

        assertThat(deploying("script.py", block, "deploy-role", ROLE + "f"))
                .extracting(WorkloadProblem::pointer)
                .containsExactly("/" + key);
    }

    @Test
    void asksForAFunctionAndAVersionOfIt() {
        assertThat(problems(Map.of()))
                .extracting(WorkloadProblem::suggestion)
                .containsExactly("add runtime.lambda.functionName", "add runtime.lambda.qualifier");
    }

    @Test
    void allowsNoFunctionThatNoSettingNames() {
        Map<String, Object> block = Map.of("functionName", "acme-charge", "qualifier", "1");

        assertThat(problems(block, "allowed-functions", ""))
                .extracting(WorkloadProblem::pointer)
                .containsExactly("/functionName");
        assertThat(problems(block, "allowed-functions", "other-*,{tenant}-*")).isEmpty();
        assertThat(problems(block, "allowed-functions", "{tenant}")).hasSize(1);
        assertThat(problems(block, "allowed-functions", "acme.charge")).hasSize(1);
    }

    @Test
    void allowsNoRoleThatNoSettingNames() {
        Map<String, Object> block =
                Map.of("functionName", "f", "qualifier", "1", "role", ROLE + "gantry-{tenant}");

        assertThat(problems(block)).extracting(WorkloadProblem::pointer).containsExactly("/role");
        assertThat(problems(block, "allowed-roles", ROLE + "gantry-{tenant}")).isEmpty();
        assertThat(problems(block, "allowed-roles", ROLE + "gantry-other")).hasSize(1);
    }

    @Test
    void refusesAtTheRunWhatIsNotAllowed() {
        try (RunnerAdapter adapter = Aws.adapter("http://127.0.0.1:1", "allowed-functions", "x")) {
            Failure failure =
                    catchThrowableOfType(
                                    ProvisionException.class,
                                    () -> adapter.provision(Steps.of(Steps.function("f"))))
                            .failure();

            assertThat(failure.code()).isEqualTo(Code.NOT_ALLOWED);
            assertThat(failure.retryable()).isFalse();
        }
    }

    @Test
    void runsNoProcesses() {
        Workload.Process process =
                new Workload.Process(
                        "step",
                        "busybox",
                        List.of(),
                        List.of(),
                        Map.of(),
                        null,
                        Workload.PullPolicy.IF_NOT_PRESENT,
                        Workload.Result.FUNCTION,
                        Workload.Retention.REMOVE);
        try (RunnerAdapter adapter = Aws.adapter("http://127.0.0.1:1")) {
            Failure failure =
                    catchThrowableOfType(
                                    ProvisionException.class,
                                    () -> adapter.provision(Steps.of(process)))
                            .failure();

            assertThat(failure.code()).isEqualTo(Code.INVALID_WORKLOAD);
            assertThat(adapter.check("acme", process)).hasSize(1);
        }
    }

    @Test
    void leavesOutOfTheClientContextWhatDoesNotFit() throws Exception {
        var fits = context("k", "c".repeat(100));
        var long1 = context("k", "c".repeat(4_000));
        var tooLong = context("k".repeat(4_000), "c");

        assertThat(decoded(Ids.clientContext(fits))).contains("GANTRY_CORRELATION_ID", "ann");
        assertThat(decoded(Ids.clientContext(long1)))
                .contains("GANTRY_IDEMPOTENCY_KEY")
                .doesNotContain("GANTRY_CORRELATION_ID");
        Failure failure =
                catchThrowableOfType(ProvisionException.class, () -> Ids.clientContext(tooLong))
                        .failure();
        assertThat(failure.message()).contains("3583", "idempotency key");
    }

    private static dev.gantry.spi.StepContext context(String key, String correlation) {
        return new dev.gantry.spi.StepContext(
                "i", "acme", "e", 1, "/do/0", "", 1, correlation, "user:ann", key, null);
    }

    private static String decoded(String context) {
        return new String(
                java.util.Base64.getDecoder().decode(context),
                java.nio.charset.StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "regoin",
                "region",
                "endpoint",
                "role",
                "max-in-flight",
                "allowed-capacity-providers"
            })
    void refusesSettingsThatItDoesNotUnderstand(String name) {
        assertThatThrownBy(() -> LambdaSettings.of(Map.of(name, "no, not this")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'%s'".formatted(name));
    }

    @Test
    void saysThatItIsNotConfigured() {
        try (RunnerAdapter adapter =
                new LambdaAdapter(
                        "test", LambdaSettings.of(Map.of("allowed-functions", "*")), null)) {
            Failure failure =
                    catchThrowableOfType(
                                    ProvisionException.class,
                                    () -> adapter.provision(Steps.of(Steps.function("f"))))
                            .failure();

            assertThat(failure.actor()).isEqualTo(Actor.PLATFORM);
            assertThat(failure.message()).contains("gantry.adapters.lambda.region");
            assertThat(adapter.health().isConnected()).isFalse();
        }
    }

    @Test
    void servesFunctionsAsAServiceOnly() {
        var attempt = Steps.of(Steps.function("f"));
        var job =
                new dev.gantry.spi.Attempt(
                        attempt.context(),
                        attempt.externalName(),
                        RuntimeClass.JOB,
                        attempt.workload(),
                        attempt.input(),
                        Limits.defaults());
        try (RunnerAdapter adapter = Aws.adapter("http://127.0.0.1:1")) {
            assertThatThrownBy(() -> adapter.provision(job))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining("faas");
        }
    }
}
