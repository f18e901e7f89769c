package dev.gantry.benchmarks;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LogType;

/** What a step costs beside a bare call of the SDK, on a service that answers at once. */
public final class LambdaCalls {
    private static final String REPORT = "UkVQT1JUIFJlcXVlc3RJZDogMQo=";

    private LambdaCalls() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("aws.accessKeyId", "bench");
        System.setProperty("aws.secretAccessKey", "bench");
        WireMockServer service =
                new WireMockServer(
                        WireMockConfiguration.options().dynamicPort().disableRequestJournal());
        service.start();
        service.stubFor(
                get(urlPathMatching(".*/configuration"))
                        .willReturn(okJson("{\"Timeout\":3,\"State\":\"Active\"}")));
        service.stubFor(
                post(urlPathMatching(".*/invocations"))
                        .willReturn(
                                okJson("{\"done\":true}").withHeader("X-Amz-Log-Result", REPORT)));
        Workload workload =
                new Workload.Function(
                        "default/bench",
                        "1.0.0",
                        Map.of("functionName", "bench", "qualifier", "1"));
        Map<String, String> settings =
                Map.of(
                        "region",
                        "eu-central-1",
                        "endpoint",
                        service.baseUrl(),
                        "allowed-functions",
                        "bench");
        try {
            Pairs.print(
                    "a bare call of the SDK",
                    new BareCall(URI.create(service.baseUrl())),
                    "a step of the Lambda adapter, from provision to outcome",
                    new AdapterStep("lambda", settings, RuntimeClass.FAAS, workload, "{}"),
                    Integer.getInteger("times", 1_000));
        } finally {
            service.stop();
        }
        System.exit(0);
    }

    private static final class BareCall implements Pairs.Way {
        private final LambdaClient lambda;

        BareCall(URI endpoint) {
            this.lambda =
                    LambdaClient.builder()
                            .endpointOverride(endpoint)
                            .region(Region.EU_CENTRAL_1)
                            .overrideConfiguration(
                                    it -> it.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                            .httpClientBuilder(
                                    Apache5HttpClient.builder()
                                            .socketTimeout(Duration.ofMinutes(1))
                                            .tcpKeepAlive(true))
                            .build();
        }

        @Override
        public void prepare() {}

        @Override
        public void timed() {
            lambda.invoke(it ->
                    it.functionName("bench")
                            .qualifier("1")
                            .logType(LogType.TAIL)
                            .payload(SdkBytes.fromUtf8String("{}")));
        }

        @Override
        public void cleanUp() {}
    }
}
