package dev.gantry.adapter.lambda;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.LambdaException;

/** Every error that the SDK knows of a call has its meaning, and so has one that it does not. */
class RefusalsTest {
    /** After these the function's own code may have run, or all of it. */
    private static final Set<String> MAY_HAVE_RUN =
            Set.of(
                    "ServiceException",
                    "SnapStartException",
                    "SnapStartTimeoutException",
                    "SnapStartRegenerationFailureException",
                    "EfsioException",
                    "DurableExecutionAlreadyStartedException");

    private static final Map<Integer, List<String>> STATUS =
            Map.of(
                    400,
                    List.of(
                            "InvalidParameterValue",
                            "InvalidRequestContent",
                            "ModeNotSupported",
                            "NoPublishedVersion",
                            "RecursiveInvocation",
                            "SnapStart"),
                    402,
                    List.of("ServiceQuotaExceeded"),
                    404,
                    List.of("ResourceNotFound"),
                    413,
                    List.of("RequestTooLarge", "SerializedRequestEntityTooLarge"),
                    429,
                    List.of("TooManyRequests"),
                    500,
                    List.of("Service"));

    private static final WireMockServer SERVICE =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private static RunnerAdapter adapter;

    @BeforeAll
    static void start() {
        Aws.giveCredentials();
        SERVICE.start();
        adapter = Aws.adapter(SERVICE.baseUrl());
    }

    @AfterAll
    static void stop() {
        adapter.close();
        SERVICE.stop();
    }

    @BeforeEach
    void knowTheFunction() {
        SERVICE.resetAll();
        SERVICE.stubFor(
                get(urlPathMatching(".*/configuration"))
                        .willReturn(okJson("{\"Timeout\":3,\"State\":\"Active\"}")));
    }

    static Stream<String> modelled() throws NoSuchMethodException {
        Class<?>[] thrown =
                LambdaClient.class.getMethod("invoke", InvokeRequest.class).getExceptionTypes();
        Set<Class<?>> general =
                Set.of(AwsServiceException.class, SdkClientException.class, LambdaException.class);
        return Stream.of(thrown).filter(it -> !general.contains(it)).map(Class::getSimpleName);
    }

    @ParameterizedTest
    @MethodSource("modelled")
    void knowsEveryErrorOfTheSdk(String error) throws Exception {
        assertThat(Refusals.knows(error)).as("%s is in the table", error).isTrue();

        Failure failure = failureAfter(status(error), error);

        assertThat(failure.progress())
                .isEqualTo(
                        MAY_HAVE_RUN.contains(error)
                                ? Progress.MAY_HAVE_COMMITTED
                                : Progress.NEVER_STARTED);
        assertThat(failure.message()).contains(error, "because of the test");
        SERVICE.verify(1, postRequestedFor(urlPathMatching(".*/invocations")));
    }

    private static int status(String error) {
        String name = error.replaceFirst("Exception$", "");
        return STATUS.entrySet().stream()
                .filter(entry -> entry.getValue().contains(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(502);
    }

    @ParameterizedTest
    @CsvSource({
        "TooManyRequestsException,THROTTLED,THROTTLED,true",
        "EC2ThrottledException,THROTTLED,THROTTLED,true",
        "ServiceQuotaExceededException,BACKEND_REFUSED,PLATFORM,true",
        "AccessDeniedException,BACKEND_REFUSED,PLATFORM,true",
        "ResourceNotFoundException,LAMBDA_FUNCTION_NOT_FOUND,AUTHOR,false",
        "RequestEntityTooLargeException,INVALID_WORKLOAD,AUTHOR,false",
        "RequestTooLargeException,INVALID_WORKLOAD,AUTHOR,false",
        "KMSDisabledException,LAMBDA_FUNCTION_SETUP,AUTHOR,true",
        "SubnetIPAddressLimitReachedException,BACKEND_REFUSED,BACKEND,true",
        "ResourceConflictException,LAMBDA_NOT_READY,BACKEND,true",
        "RuntimeVersionDeletedException,LAMBDA_FUNCTION_SETUP,AUTHOR,true",
        "ServiceException,BACKEND_UNAVAILABLE,BACKEND,true"
    })
    void saysWhoMustAct(String error, String code, Actor actor, boolean retryable)
            throws Exception {
        Failure failure = failureAfter(status(error), error);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.actor()).isEqualTo(actor);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    @ParameterizedTest
    @CsvSource({
        "400,NEVER_STARTED,BACKEND_REFUSED",
        "418,NEVER_STARTED,BACKEND_REFUSED",
        "429,NEVER_STARTED,THROTTLED",
        "500,MAY_HAVE_COMMITTED,BACKEND_UNAVAILABLE",
        "502,MAY_HAVE_COMMITTED,BACKEND_UNAVAILABLE",
        "599,MAY_HAVE_COMMITTED,BACKEND_UNAVAILABLE",
        "302,MAY_HAVE_COMMITTED,BACKEND_UNAVAILABLE"
    })
    void judgesWhatItDoesNotKnowByItsStatus(int status, Progress progress, String code)
            throws Exception {
        Failure failure = failureAfter(status, "BrandNewException");

        assertThat(failure.progress()).isEqualTo(progress);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.retryable()).as("never final").isTrue();
        SERVICE.verify(1, postRequestedFor(urlPathMatching(".*/invocations")));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void judgesAnErrorWithoutACodeToo(int status) throws Exception {
        SERVICE.stubFor(
                post(urlPathMatching(".*/invocations"))
                        .willReturn(aResponse().withStatus(status).withBody("<html>no</html>")));

        Failure failure = failure();

        assertThat(failure.code()).isIn(Code.THROTTLED, Code.BACKEND_UNAVAILABLE);
        SERVICE.verify(1, postRequestedFor(urlPathMatching(".*/invocations")));
    }

    private static Failure failureAfter(int status, String error) throws Exception {
        SERVICE.stubFor(
                post(urlPathMatching(".*/invocations"))
                        .willReturn(
                                aResponse()
                                        .withStatus(status)
                                        .withHeader("x-amzn-ErrorType", error)
                                        .withHeader("Content-Type", "application/json")
                                        .withBody("{\"Message\":\"because of the test\"}")));
        return failure();
    }

    private static Failure failure() throws Exception {
        var attempt = Steps.of(Steps.function("f"));
        var handle = adapter.provision(attempt);
        try {
            Outcome outcome = adapter.run(handle, attempt, new Printed()).get(30, TimeUnit.SECONDS);
            return ((Outcome.Failed) outcome).failure();
        } catch (java.util.concurrent.ExecutionException e) {
            return ((ExecutionException) Objects.requireNonNull(e.getCause())).failure();
        }
    }
}
