package dev.gantry.adapter.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a function's configuration says before it is called. */
class FunctionStatesTest {
    private static final String CALLS = ".*/invocations";
    private static final String MANAGED =
            "\"State\":\"Active\",\"CapacityProviderConfig\":{\"LambdaManagedInstancesCapacityProviderConfig\":{\"CapacityProviderArn\":\"arn:aws:lambda:eu-central-1:123456789012:capacity-provider:%s\"}}";

    private final WireMockServer service =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private RunnerAdapter adapter;

    @BeforeEach
    void start() {
        Aws.giveCredentials();
        service.start();
        adapter = Aws.adapter(service.baseUrl(), "allowed-capacity-providers", "gantry_{tenant}_*");
        service.stubFor(post(urlPathMatching(CALLS)).willReturn(okJson("7")));
    }

    @AfterEach
    void stop() {
        adapter.close();
        service.stop();
    }

    private void configured(String members) {
        configured(okJson("{\"Timeout\":3,%s}".formatted(members)));
    }

    private void configured(ResponseDefinitionBuilder answer) {
        service.stubFor(get(urlPathMatching(".*/configuration")).willReturn(answer));
    }

    private Outcome run(Attempt attempt) throws Exception {
        return adapter.run(adapter.provision(attempt), attempt, new Printed())
                .get(60, TimeUnit.SECONDS);
    }

    private Failure refusal(Attempt attempt) {
        Failure failure =
                catchThrowableOfType(ProvisionException.class, () -> adapter.provision(attempt))
                        .failure();
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        service.verify(0, postRequestedFor(urlPathMatching(CALLS)));
        return failure;
    }

    private static Attempt managed() {
        Map<String, Object> binding = new HashMap<>(Steps.function("f").binding());
        binding.put("managedInstances", true);
        return Steps.of(new Workload.Function("test/f", "1.0.0", binding));
    }

    @ParameterizedTest
    @CsvSource({
        "Pending,Creating,LAMBDA_NOT_READY,THROTTLED",
        "ActiveNonInvocable,VcpuLimitExceeded,LAMBDA_NOT_READY,THROTTLED",
        "Deactivating,DrainingDurableExecutions,LAMBDA_NOT_READY,THROTTLED",
        "Deleting,DrainingDurableExecutions,LAMBDA_NOT_READY,THROTTLED",
        "Failed,InsufficientCapacity,LAMBDA_FUNCTION_SETUP,AUTHOR"
    })
    void isNotCalledInAStateInWhichItTakesNoCalls(
            String state, String reason, String code, Actor actor) {
        configured(
                "\"State\":\"%s\",\"StateReasonCode\":\"%s\",\"StateReason\":\"told by the test\""
                        .formatted(state, reason));

        Failure failure = refusal(Steps.of(Steps.function("f")));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.actor()).isEqualTo(actor);
        assertThat(failure.retryable()).as("a state is never final").isTrue();
        assertThat(failure.message()).contains(state, reason, "told by the test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Active", "Inactive", "Deactivated", "Hibernating"})
    void isCalledInAnyOtherStateAndAlsoInOneThatIsNotKnown(String state) throws Exception {
        configured("\"State\":\"%s\"".formatted(state));

        assertThat(run(Steps.of(Steps.function("f")))).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void becomesReadyWithoutAnybodyDoingAnything() throws Exception {
        configured("\"State\":\"Pending\"");
        Attempt attempt = Steps.of(Steps.function("f"));
        refusal(attempt);
        configured("\"State\":\"Active\"");

        assertThat(run(attempt)).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void runsOnInstancesOfTheTenantsProvider() throws Exception {
        configured(MANAGED.formatted("gantry_acme_1"));

        assertThat(run(managed())).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void sharesNoInstancesWithOtherTenants() {
        configured(MANAGED.formatted("gantry_other_1"));

        Failure failure = refusal(managed());

        assertThat(failure.code()).isEqualTo(Code.NOT_ALLOWED);
        assertThat(failure.message()).contains("gantry_other_1", "allowed-capacity-providers");
    }

    @Test
    void mustBeToldOfManagedInstances() {
        configured(MANAGED.formatted("gantry_acme_1"));

        assertThat(refusal(Steps.of(Steps.function("f"))).message())
                .contains("add runtime.lambda.managedInstances: true");
    }

    @Test
    void mustNotBeToldOfManagedInstancesThatItDoesNotHave() {
        configured("\"State\":\"Active\"");

        assertThat(refusal(managed()).message()).contains("remove runtime.lambda.managedInstances");
    }

    @Test
    void runsOnNoInstancesThatCannotBeSeen() {
        configured(
                aResponse()
                        .withStatus(403)
                        .withHeader("x-amzn-ErrorType", "AccessDeniedException")
                        .withBody("{\"Message\":\"no\"}"));

        assertThat(refusal(managed()).code()).isEqualTo(Code.NOT_ALLOWED);
    }
}
