package dev.gantry.orchestrator.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.installation.Development;
import dev.gantry.orchestrator.installation.Installation;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.orchestrator.runner.Runners.AdapterView;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobName;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;

/** The wiring, with the settings as an operator writes them. */
class RunnerConfigurationTest {
    private static final TenantId ACME = new TenantId("acme");

    @TempDir Path folder;

    private static ApplicationContextRunner node(boolean development) {
        return new ApplicationContextRunner()
                .withBean(Installation.class, () -> new Installation("test"))
                .withBean(
                        Development.class, () -> new Development(development, null, Duration.ZERO))
                .withBean(Clock.class, Clock::systemUTC)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withUserConfiguration(RunnerConfiguration.class)
                .withPropertyValues("gantry.adapters.docker.enabled=false");
    }

    private static Need need(Set<String> blocks, boolean isProcess, RuntimeClass... classes) {
        return need(
                blocks.stream().collect(Collectors.toMap(it -> it, _ -> block(Map.of()))),
                isProcess,
                classes);
    }

    private static Need need(
            Map<String, Workload.Function> blocks, boolean isProcess, RuntimeClass... classes) {
        return new Need(List.of(classes), null, List.of(), blocks, isProcess);
    }

    private static Workload.Function block(Map<String, Object> binding) {
        return new Workload.Function(
                "a/b", "1.0.0", binding, new Workload.Script("script.py", "pass"));
    }

    private static String place(AssertableApplicationContext context, RuntimeClass runtimeClass) {
        Runners.Placement placed =
                context.getBean(Runners.class).place(ACME, need(Set.of(), true, runtimeClass));
        return placed == null ? "null" : placed.adapter();
    }

    private static String refusal(AssertableApplicationContext context) {
        Throwable failure = context.getStartupFailure();
        assertThat(failure).isNotNull();
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        assertThat(failure).hasStackTraceContaining(StartRefused.class.getName());
        return root.getMessage() + " " + failure;
    }

    @Test
    void offersTheAdaptersOfTheClassPathAndTheBuiltInOne() {
        node(true)
                .run(context -> {
                    Runners runners = context.getBean(Runners.class);

                    assertThat(runners.list())
                            .extracting(AdapterView::kind)
                            .containsExactly("http", "local-mock");
                    assertThat(runners.list())
                            .allSatisfy(view -> assertThat(view.health().isConnected()).isTrue());
                    assertThat(runners.health("http").detail()).isEqualTo("built in");
                });
    }

    @Test
    void placesNothingOnTheMockUnlessToldToOrInDevelopment() {
        node(false).run(context -> assertThat(place(context, RuntimeClass.FAAS)).isEqualTo("null"));
        node(true)
                .run(context ->
                        assertThat(place(context, RuntimeClass.FAAS)).isEqualTo("local-mock"));
        node(false)
                .withPropertyValues("gantry.placement.classes.faas=local-mock")
                .run(context -> {
                    assertThat(place(context, RuntimeClass.FAAS)).isEqualTo("local-mock");
                    assertThat(place(context, RuntimeClass.JOB)).isEqualTo("null");
                });
        node(false)
                .withPropertyValues("gantry.placement.tenants.acme.container[0]=local-mock")
                .run(context ->
                        assertThat(place(context, RuntimeClass.CONTAINER)).isEqualTo("local-mock"));
    }

    @Test
    void leavesOutWhatNeedsSettingsAndHasNone() {
        node(false)
                .run(context -> {
                    assertThat(context.getBean(Runners.class).list())
                            .extracting(Runners.AdapterView::kind)
                            .containsExactly("http", "local-mock");
                    assertThat(place(context, RuntimeClass.FAAS)).isEqualTo("null");
                });
    }

    @Test
    void saysWhichAdapterIsNotConfigured() {
        node(true)
                .withPropertyValues(
                        "gantry.adapters.lambda.max-in-flight=5",
                        "gantry.adapters.k8s-job.max-in-flight=5")
                .run(context -> {
                    Runners runners = context.getBean(Runners.class);

                    assertThat(runners.health("lambda").isConnected()).isFalse();
                    assertThat(runners.health("lambda").detail())
                            .contains("gantry.adapters.lambda.region");
                    assertThat(runners.health("k8s-job").isConnected()).isFalse();
                    assertThat(runners.health("k8s-job").detail())
                            .contains("gantry.adapters.k8s-job.kubeconfig");
                    assertThat(place(context, RuntimeClass.FAAS)).isEqualTo("local-mock");
                });
    }

    @Test
    void placesAFunctionWhereItCanRun() {
        node(true)
                .withPropertyValues(
                        "gantry.adapters.docker.enabled=true",
                        "gantry.adapters.docker.host=tcp://127.0.0.1:1",
                        "gantry.adapters.lambda.region=eu-central-1",
                        "gantry.adapters.lambda.endpoint=http://127.0.0.1:1",
                        "gantry.adapters.k8s-job.kubeconfig=" + folder.resolve("none"))
                .run(context -> {
                    Runners runners = context.getBean(Runners.class);
                    RuntimeClass[] all = RuntimeClass.PLACED.toArray(RuntimeClass[]::new);

                    assertThat(runners.candidates(ACME, need(Set.of(), true, all)))
                            .as("a source")
                            .containsExactlyInAnyOrder("docker", "k8s-job", "local-mock");
                    assertThat(runners.candidates(ACME, need(Set.of(), false, all)))
                            .as("a name alone")
                            .containsExactly("local-mock");
                    assertThat(runners.candidates(ACME, need(Set.of("lambda"), true, all)))
                            .as("a source, and a block")
                            .containsExactlyInAnyOrder("lambda", "docker", "k8s-job", "local-mock");
                    assertThat(runners.candidates(ACME, need(Set.of("k8s-job"), false, all)))
                            .as("a block")
                            .containsExactlyInAnyOrder("k8s-job", "local-mock");
                });
    }

    @Test
    void passesOverAnAdapterThatLacksWhatABlockAsksFor() {
        Map<String, Workload.Function> deployed = Map.of("lambda", block(Map.of("deploy", true)));
        ApplicationContextRunner node =
                node(true)
                        .withPropertyValues(
                                "gantry.adapters.lambda.region=eu-central-1",
                                "gantry.adapters.lambda.endpoint=http://127.0.0.1:1");
        Need any = need(deployed, true, RuntimeClass.FAAS);
        Need alone = new Need(List.of(RuntimeClass.FAAS), "lambda", List.of(), deployed, true);
        node.run(context -> {
            Runners runners = context.getBean(Runners.class);

            assertThat(runners.candidates(ACME, any)).containsExactly("local-mock");
            assertThat(runners.place(ACME, alone)).isNull();
            assertThat(runners.unserved(ACME, alone))
                    .contains("'lambda' could", "gantry.adapters.lambda.deploy-role");
            assertThat(runners.lacks(ACME, alone)).containsOnlyKeys("lambda");
            assertThat(runners.lacks(ACME, need(deployed, true, RuntimeClass.JOB)))
                    .as("who serves another class lacks nothing for this one")
                    .isEmpty();
        });
        node.withPropertyValues(
                        "gantry.adapters.lambda.deploy-role=arn:aws:iam::123456789012:role/f")
                .run(context ->
                        assertThat(context.getBean(Runners.class).candidates(ACME, any))
                                .containsExactly("lambda", "local-mock"));
    }

    @Test
    void runsAStepThroughAnAdapterThatIsNothingButAJar() throws IOException {
        ThirdPartyJar.make(folder, "acme", "acme-cloud");

        node(false)
                .withPropertyValues(
                        "gantry.adapters.directory=" + folder,
                        "gantry.adapters.acme-cloud.region=moon",
                        "gantry.placement.classes.faas=acme-cloud")
                .run(context -> {
                    Runners runners = context.getBean(Runners.class);
                    String kind = place(context, RuntimeClass.FAAS);
                    assertThat(kind).isEqualTo("acme-cloud");
                    assertThat(runners.health(kind).detail()).isEqualTo("region moon");
                    try (Runners.Slot _ = runners.claim(kind, null, holder(1)).slot().join()) {
                        assertThat(run(runners.adapter(kind)))
                                .isInstanceOf(Outcome.Succeeded.class);
                        assertThat(runners.list().getFirst().inFlight()).isEqualTo(1);
                    }
                    assertThat(runners.list().getFirst().inFlight()).isZero();
                    assertThat(
                                    context.getBean(MeterRegistry.class)
                                            .get("gantry.runner.attempts")
                                            .tags("adapter", kind, "outcome", "succeeded")
                                            .counter()
                                            .count())
                            .isEqualTo(1);
                });
    }

    private static Outcome run(RunnerAdapter adapter) throws RunnerException {
        Attempt attempt = SampleAttempts.of("{}");
        return adapter.run(adapter.provision(attempt), attempt, SampleAttempts.NOTHING).join();
    }

    @Test
    void doesNotStartWithAPlacementOnWhatIsNotThere() {
        node(true)
                .withPropertyValues("gantry.placement.classes.container=dokcer")
                .run(context ->
                        assertThat(refusal(context))
                                .contains("gantry.placement.classes.container", "'dokcer'"));
        node(true)
                .withPropertyValues("gantry.placement.classes.container=http")
                .run(context -> assertThat(refusal(context)).contains("'http'"));
    }

    @Test
    void doesNotStartWithAMisspeltSetting() {
        for (String setting :
                List.of(
                        "gantry.placement.clases.faas=local-mock",
                        "gantry.egress.alow=10.0.0.0/8",
                        "gantry.adapters.http.max-redirect=3",
                        "gantry.adapters.local-mock.max-inflight=3")) {
            node(true)
                    .withPropertyValues(setting)
                    .run(context -> assertThat(context).as(setting).hasFailed());
        }
    }

    @Test
    void looksForNoPlaceForLargePayloadsUnlessOneIsConfigured() {
        node(true).run(context -> assertThat(context.getBean(Blobs.class).store()).isNull());
        node(true)
                .withPropertyValues(
                        "gantry.blobs.bucket=payloads", "gantry.blobs.region=eu-central-1")
                .run(context ->
                        assertThat(context.getBean(Blobs.class).store())
                                .isNotNull()
                                .extracting(it -> it.address(new BlobName("lambda", "a", "1", "x")))
                                .hasToString("s3://payloads/gantry/test/lambda/a/1/x"));
    }

    @Test
    void doesNotStartWithAPlaceForLargePayloadsThatItCannotMean() {
        node(true)
                .withPropertyValues("gantry.blobs.bucket=payloads")
                .run(context -> assertThat(refusal(context)).contains("'region' is missing"));
        node(true)
                .withPropertyValues("gantry.blobs.region=eu-central-1")
                .run(context -> assertThat(refusal(context)).contains("gantry.blobs.bucket"));
        node(true)
                .withPropertyValues("gantry.blobs.buket=payloads")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void doesNotStartWithTwoAdaptersOfOneKind() throws IOException {
        ThirdPartyJar.make(folder, "fake", "http");

        node(true)
                .withPropertyValues("gantry.adapters.directory=" + folder)
                .run(context ->
                        assertThat(refusal(context))
                                .contains("'http'", "Gantry itself", "fake.jar"));
    }

    @Test
    void doesNotStartWithAnEgressEntryThatItCannotRead() {
        node(true)
                .withPropertyValues("gantry.egress.allow=10.0.0.0/8,10.0.0/8")
                .run(context ->
                        assertThat(context.getStartupFailure())
                                .hasStackTraceContaining("gantry.egress.allow has '10.0.0/8'"));
    }

    @Test
    void namesTheAdaptersThatAreThereWhenOneIsAskedForThatIsNot() {
        node(true)
                .run(context ->
                        assertThat(
                                        org.assertj.core.api.Assertions.catchThrowable(() ->
                                                context.getBean(Runners.class).adapter("gone")))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("http, local-mock"));
    }

    @Test
    void holdsBackWhatHasALimitOfItsOwn() {
        node(true)
                .run(context -> {
                    Runners runners = context.getBean(Runners.class);
                    Runners.Limit limit = new Runners.Limit("acme billing/charge:1.0.0", 2);
                    Runners.Slot first =
                            runners.claim("local-mock", limit, holder(2)).slot().join();
                    Runners.Slot second =
                            runners.claim("local-mock", limit, holder(3)).slot().join();

                    Runners.Claim asked = runners.claim("local-mock", limit, holder(4));
                    CompletableFuture<Runners.Slot> third = asked.slot();
                    assertThat(asked.line()).isEqualTo(new Runners.Line(limit, 2, 0));
                    assertThat(third).isNotDone();
                    assertThat(
                                    runners.claim(
                                                    "local-mock",
                                                    new Runners.Limit("another", 2),
                                                    holder(5))
                                            .slot())
                            .as("others are not held up")
                            .isCompleted();

                    first.close();
                    first.close();
                    third.get(5, TimeUnit.SECONDS);
                    CompletableFuture<Runners.Slot> fourth =
                            runners.claim("local-mock", limit, holder(6)).slot();
                    assertThat(fourth).as("closing twice gives one place back").isNotDone();
                    second.close();
                    fourth.get(5, TimeUnit.SECONDS);
                });
    }

    private static Runners.Holder holder(int step) {
        return new Runners.Holder(new ExecutionId(new UUID(0, 0)), step);
    }
}
