package dev.gantry.adapter.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a service says while a function is deployed that the services of the tests do not say. */
class DeployStatesTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/f";
    private static final String CREATE = ".*/functions";
    private static final String PUBLISH = ".*/versions";
    private static final String ALIASES = ".*/aliases";
    private static final String ALIAS = ".*/aliases/v1-0-0";
    private static final String CONFIGURATION = ".*/configuration";
    private static final String PUBLISHED = "{\"Version\":\"1\",\"FunctionVersion\":\"1\"}";
    private static final Workload.Function FUNCTION =
            new Workload.Function(
                    "a/b", "1.0.0", Map.of("deploy", true), new Workload.Script("script.py", "1"));

    private final WireMockServer service =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private RunnerAdapter adapter;

    @BeforeEach
    void start() {
        Aws.giveCredentials();
        service.start();
        adapter = Aws.adapter(service.baseUrl(), "deploy-role", ROLE);
        answer(get(urlPathMatching(ALIAS)), error(404, "ResourceNotFoundException"));
        answer(post(urlPathMatching(CREATE)), okJson("{\"State\":\"Pending\"}"));
        answer(post(urlPathMatching(PUBLISH)), okJson(PUBLISHED));
        answer(post(urlPathMatching(ALIASES)), okJson(PUBLISHED));
        answer(get(urlPathMatching(CONFIGURATION)), state("Active"));
        answer(post(urlPathMatching(".*/invocations")), okJson("7"));
    }

    @AfterEach
    void stop() {
        adapter.close();
        service.stop();
    }

    private static ResponseDefinitionBuilder error(int status, String type) {
        return aResponse()
                .withStatus(status)
                .withHeader("x-amzn-ErrorType", type)
                .withBody("{\"Message\":\"told by the test\"}");
    }

    private static ResponseDefinitionBuilder state(String state) {
        Deployment deployment =
                Deployment.of(
                        "test",
                        "acme",
                        FUNCTION,
                        Objects.requireNonNull(FUNCTION.source()),
                        new Binding(FUNCTION).target().orElseThrow(),
                        Objects.requireNonNull(
                                new Binding(FUNCTION).target().orElseThrow().shape()),
                        ROLE);
        return okJson(
                "{\"Timeout\":3,\"State\":\"%s\",\"StateReasonCode\":\"VcpuLimitExceeded\",\"StateReason\":\"told by the test\",\"CodeSha256\":\"%s\"}"
                        .formatted(state, deployment.codeSha256()));
    }

    private void answer(MappingBuilder call, ResponseDefinitionBuilder answer) {
        service.stubFor(call.willReturn(answer));
    }

    private void configurations(ResponseDefinitionBuilder... answers) {
        inTurn("configurations", () -> get(urlPathMatching(CONFIGURATION)), answers);
    }

    /** One after the other; the last again and again. */
    private void inTurn(
            String name, Supplier<MappingBuilder> call, ResponseDefinitionBuilder... answers) {
        String state = Scenario.STARTED;
        for (int i = 0; i < answers.length; i++) {
            String next = i == answers.length - 1 ? state : "after " + i;
            service.stubFor(
                    call.get()
                            .inScenario(name)
                            .whenScenarioStateIs(state)
                            .willReturn(answers[i])
                            .willSetStateTo(next));
            state = next;
        }
    }

    private Outcome run() throws Exception {
        Attempt attempt = Steps.of(FUNCTION);
        return adapter.run(adapter.provision(attempt), attempt, new Printed())
                .get(60, TimeUnit.SECONDS);
    }

    private Failure refusal() {
        Failure failure =
                catchThrowableOfType(
                                ProvisionException.class,
                                () -> adapter.provision(Steps.of(FUNCTION)))
                        .failure();
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        service.verify(0, postRequestedFor(urlPathMatching(".*/invocations")));
        return failure;
    }

    @Test
    void waitsUntilTheFunctionTakesCalls() throws Exception {
        configurations(
                state("Pending"), state("ActiveNonInvocable"), state("BrandNew"), state("Active"));

        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
        service.verify(1, postRequestedFor(urlPathMatching(PUBLISH)));
    }

    @Test
    void saysWhyAFunctionCannotBeMade() {
        configurations(state("Pending"), state("Failed"));

        Failure failure = refusal();

        assertThat(failure.code()).isEqualTo(Refusals.SETUP);
        assertThat(failure.actor()).isEqualTo(Actor.PLATFORM);
        assertThat(failure.message()).contains("Failed", "VcpuLimitExceeded", "told by the test");
        service.verify(0, postRequestedFor(urlPathMatching(PUBLISH)));
    }

    @Test
    void publishesWhenLambdaIsDoneWithSomethingElse() throws Exception {
        inTurn(
                "publishing",
                () -> post(urlPathMatching(PUBLISH)),
                error(409, "ResourceConflictException"),
                okJson(PUBLISHED));

        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void goesOnWhereTheReplyToTheCreationWasLost() throws Exception {
        inTurn(
                "creating",
                () -> post(urlPathMatching(CREATE)),
                aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
                error(409, "ResourceConflictException"));

        assertThat(run()).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void tellsWhoRunsGantryThatTheRoleCannotBeUsed() {
        answer(post(urlPathMatching(CREATE)), error(400, "InvalidParameterValueException"));

        Failure failure = refusal();

        assertThat(failure.actor()).isEqualTo(Actor.PLATFORM);
        assertThat(failure.retryable()).as("a new role takes a while").isTrue();
    }

    @Test
    void tellsWhoRunsGantryThatARightIsMissing() {
        answer(post(urlPathMatching(CREATE)), error(403, "AccessDeniedException"));

        assertThat(refusal().code()).isEqualTo(Code.BACKEND_REFUSED);
    }

    @Test
    void failsToTakeAwayWhatLambdaKeeps() {
        answer(get(urlPathMatching(ALIAS)), okJson(PUBLISHED));
        answer(delete(urlPathMatching(ALIAS)), error(403, "AccessDeniedException"));

        Failure failure =
                catchThrowableOfType(
                                TeardownException.class, () -> adapter.undeploy("acme", FUNCTION))
                        .failure();

        assertThat(failure.code()).isEqualTo(Code.BACKEND_REFUSED);
        assertThat(failure.message()).contains("cannot be taken away");
    }
}
