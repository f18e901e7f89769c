package dev.gantry.adapter.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** States and histories of executions that the runner of the tests does not have. */
class DurableStatesTest {
    private static final String ARN =
            "arn:aws:lambda:eu-central-1:123456789012:function:f:1/durable-execution/x/y";
    private static final String STATE = ".*/durable-executions/[^/]+";
    private static final String HISTORY = ".*/durable-executions/[^/]+/history";

    private final WireMockServer service =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private RunnerAdapter adapter;

    @BeforeEach
    void start() {
        Aws.giveCredentials();
        service.start();
        adapter = Aws.adapter(service.baseUrl());
        service.stubFor(
                get(urlPathMatching(".*/configuration"))
                        .willReturn(
                                okJson(
                                        "{\"Timeout\":1,\"State\":\"Active\",\"DurableConfig\":{\"ExecutionTimeout\":60}}")));
        service.stubFor(
                post(urlPathMatching(".*/invocations"))
                        .willReturn(
                                aResponse()
                                        .withStatus(202)
                                        .withHeader("X-Amz-Durable-Execution-Arn", ARN)));
        service.stubFor(
                post(urlPathMatching(".*/stop")).willReturn(okJson("{\"StopTimestamp\":1}")));
    }

    @AfterEach
    void stop() {
        adapter.close();
        service.stop();
    }

    private void states(ResponseDefinitionBuilder... answers) {
        String state = "Started";
        for (int i = 0; i < answers.length; i++) {
            String next = i == answers.length - 1 ? state : "after " + i;
            service.stubFor(
                    get(urlPathMatching(STATE))
                            .inScenario("states")
                            .whenScenarioStateIs(state)
                            .willReturn(answers[i])
                            .willSetStateTo(next));
            state = next;
        }
    }

    private static ResponseDefinitionBuilder status(String status) {
        return okJson(
                "{\"DurableExecutionArn\":\"%s\",\"Status\":\"%s\",\"StartTimestamp\":1,\"Result\":\"5\"}"
                        .formatted(ARN, status));
    }

    private static ResponseDefinitionBuilder notFound() {
        return aResponse()
                .withStatus(404)
                .withHeader("x-amzn-ErrorType", "ResourceNotFoundException")
                .withBody("{\"Message\":\"not yet\"}");
    }

    private Outcome outcome() throws Exception {
        var attempt = Steps.of(Steps.function("f", "mode", "durable"));
        return adapter.run(adapter.provision(attempt), attempt, new Printed())
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void waitsForWhatIsNotKnownYet() throws Exception {
        states(notFound(), notFound(), status("RUNNING"), status("SUCCEEDED"));

        assertThat(outcome()).isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void takesNoStateForAnEndThatItDoesNotKnow() throws Exception {
        states(status("PAUSING"), status("PAUSED"), status("DELETING"), status("SUCCEEDED"));

        assertThat(outcome()).isInstanceOf(Outcome.Succeeded.class);
    }

    /** A step whose result is over the limit begins again and again, as one that times out does. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "{\"EventType\":\"StepStarted\",\"EventId\":9,\"EventTimestamp\":1},"})
    void givesUpWhatFailsAgainAndAgain(String between) throws Exception {
        String failed =
                between
                        + "{\"EventType\":\"InvocationCompleted\",\"EventId\":%d,\"EventTimestamp\":1,\"InvocationCompletedDetails\":{\"RequestId\":\"r%d\",\"StartTimestamp\":1,\"EndTimestamp\":2,\"Error\":{\"Payload\":{\"ErrorType\":\"Sandbox.Timedout\"}}}}";
        service.stubFor(
                get(urlPathMatching(HISTORY))
                        .willReturn(
                                okJson(
                                        "{\"Events\":[{\"EventType\":\"ExecutionStarted\",\"EventId\":1,\"EventTimestamp\":1},%s,%s,%s]}"
                                                .formatted(
                                                        failed.formatted(2, 1),
                                                        failed.formatted(3, 2),
                                                        failed.formatted(4, 3)))));
        states(
                status("RUNNING"),
                status("RUNNING"),
                status("RUNNING"),
                status("RUNNING"),
                status("RUNNING"),
                status("RUNNING"),
                okJson(
                        "{\"Status\":\"STOPPED\",\"StartTimestamp\":1,\"EndTimestamp\":2,\"Error\":{\"ErrorType\":\"Gantry.GivenUp\",\"ErrorMessage\":\"3 invocations in a row timed out or crashed\"}}"));

        Failure failure = ((Outcome.Failed) outcome()).failure();

        assertThat(failure.message()).contains("3 invocations in a row");
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        service.verify(1, postRequestedFor(urlPathMatching(".*/stop")));
    }

    @Test
    void saysThatAnExecutionTookTooLong() throws Exception {
        states(status("RUNNING"), status("TIMED_OUT"));

        Failure failure = ((Outcome.Failed) outcome()).failure();

        assertThat(failure.code()).isEqualTo(Failure.Code.TIMEOUT);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }
}
