package dev.gantry.adapter.lambda;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.BlobStore;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider.AdapterContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.CreateFunctionRequest;
import software.amazon.awssdk.services.lambda.model.ExecutionStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Real functions behind the real API, seen without the adapter. */
final class Aws {
    static final String REQUIRED = "GANTRY_REQUIRE_AWS";
    static final String ENDPOINT = "GANTRY_TEST_AWS_ENDPOINT";
    static final String REGION = "eu-central-1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static @Nullable Aws only;

    final String endpoint;
    final LambdaClient lambda;
    final Effects effects;
    private final Account account;
    private final SqsClient sqs;
    final String role;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final Set<String> queues = ConcurrentHashMap.newKeySet();
    private final Map<String, String> deployed = new ConcurrentHashMap<>();

    private Aws(Account account) {
        this.account = account;
        this.endpoint = Objects.requireNonNullElse(account.endpoint(), "");
        this.role = account.role();
        this.lambda = account.in(LambdaClient.builder()).build();
        this.sqs = account.in(SqsClient.builder()).build();
        this.effects =
                account.bucket() == null
                        ? Effects.InFolder.made()
                        : inBucket(account.bucket(), "gantry-" + UUID.randomUUID());
        if (Account.IS_LIVE) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::clear, "gantry-aws-clear"));
        } else {
            createRole();
        }
    }

    Effects.InBucket inBucket(String bucket, String folder) {
        return new Effects.InBucket(
                account.in(S3Client.builder()).forcePathStyle(true).build(), bucket, folder);
    }

    /** Nobody's account is left with anything. */
    private void clear() {
        CloudWatchLogsClient logs = account.in(CloudWatchLogsClient.builder()).build();
        for (String name : made) {
            lambda.deleteFunction(it -> it.functionName(name));
            try {
                logs.deleteLogGroup(it -> it.logGroupName("/aws/lambda/" + name));
            } catch (
                    software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException
                            e) {
                // It was never called.
            }
        }
        queues.forEach(name -> sqs.deleteQueue(it -> it.queueUrl(url(name))));
        if (effects instanceof Effects.InBucket bucket) {
            bucket.clear();
        }
    }

    /** A queue of its own. */
    String queue() {
        String name = "gantry-" + UUID.randomUUID();
        sqs.createQueue(it ->
                it.queueName(name).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "3")));
        queues.add(name);
        return name;
    }

    void send(String queue, String body) {
        sqs.sendMessage(it -> it.queueUrl(url(queue)).messageBody(body));
    }

    /** What is in the queue, also what somebody looks at now. */
    int messages(String queue) {
        return sqs
                .getQueueAttributes(
                        it -> it.queueUrl(url(queue)).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .entrySet()
                .stream()
                .filter(it ->
                        it.getKey() == QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES
                                || it.getKey()
                                        == QueueAttributeName
                                                .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)
                .mapToInt(it -> Integer.parseInt(it.getValue()))
                .sum();
    }

    private String url(String queue) {
        return sqs.getQueueUrl(it -> it.queueName(queue)).queueUrl();
    }

    /** Functions behind services that can be made to fail and be asked; skips the test without. */
    static synchronized Aws require() {
        assumeFalse(Account.IS_LIVE, "left out: it needs services that can be made to fail");
        return anywhere();
    }

    /** Functions wherever they are; skips the test without, unless they are required. */
    static synchronized Aws anywhere() {
        if (only == null) {
            only = new Aws(Account.IS_LIVE ? Account.live() : onThisMachine());
        }
        giveCredentials();
        return only;
    }

    private static Account onThisMachine() {
        String endpoint = System.getenv(ENDPOINT);
        if (endpoint == null || endpoint.isBlank()) {
            if ("true".equals(System.getenv(REQUIRED))) {
                throw new IllegalStateException(
                        "no AWS services for tests: set %s to the endpoint of all of them"
                                .formatted(ENDPOINT));
            }
            assumeTrue(false, "left out: " + ENDPOINT + " names no AWS services for tests");
        }
        return new Account(
                endpoint, REGION, null, "arn:aws:iam::123456789012:role/gantry-test", null);
    }

    /** What the adapter finds by its usual chain; in somebody's account it has a profile. */
    static void giveCredentials() {
        if (!Account.IS_LIVE) {
            System.setProperty("aws.accessKeyId", "test");
            System.setProperty("aws.secretAccessKey", "test");
        }
    }

    static RunnerAdapter adapter(String endpoint, String... settings) {
        return adapterOf("test", endpoint, settings);
    }

    static RunnerAdapter adapterOf(String installation, String endpoint, String... settings) {
        return adapterOf(installation, null, endpoint, settings);
    }

    static RunnerAdapter adapterOf(
            String installation, @Nullable BlobStore blobs, String endpoint, String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("region", only == null ? REGION : only.account.region());
        if (only != null && only.account.profile() != null) {
            all.put("profile", only.account.profile());
        }
        if (!endpoint.isEmpty()) {
            all.put("endpoint", endpoint);
        }
        all.put("allowed-functions", "*");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new LambdaProvider().create(new AdapterContext(installation, all, blobs));
    }

    /** Functions need a role that trusts Lambda; there is no client of IAM here. */
    private void createRole() {
        String trust =
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}";
        String form =
                "Action=CreateRole&Version=2010-05-08&RoleName=gantry-test&AssumeRolePolicyDocument="
                        + java.net.URLEncoder.encode(trust, StandardCharsets.UTF_8);
        send(
                HttpRequest.newBuilder(URI.create(endpoint + "/"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build());
    }

    private String send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A function of Python with this body of its handler, published as an alias {@code live}. */
    String deploy(String body, Duration timeout) {
        return deploy(body, timeout, it -> it);
    }

    String deploy(
            String body, Duration timeout, UnaryOperator<CreateFunctionRequest.Builder> more) {
        return deploySource(
                "import json, os, sys, time\n\ndef handler(event, context):\n" + body.indent(4),
                timeout,
                more);
    }

    /** One whose executions have names. */
    String deployDurable(String body, Duration timeout) {
        String source =
                """
                import json, os, sys, time, uuid
                from aws_durable_execution_sdk_python import durable_execution
                from aws_durable_execution_sdk_python.config import Duration
                json.JSONEncoder.item_separator, json.JSONEncoder.key_separator = ',', ':'
                json._default_encoder.item_separator, json._default_encoder.key_separator = ',', ':'
                json._default_encoder.ensure_ascii = False

                @durable_execution
                def handler(event, context):
                """;
        return deploySource(
                source + body.indent(4),
                timeout,
                it -> it.durableConfig(d -> d.executionTimeout(900).retentionPeriodInDays(1)));
    }

    String sharedDurable(String body, Duration timeout) {
        return deployed.computeIfAbsent(
                "durable" + body + timeout, _ -> deployDurable(body, timeout));
    }

    private String deploySource(
            String source, Duration timeout, UnaryOperator<CreateFunctionRequest.Builder> more) {
        String name = "gantry-" + UUID.randomUUID();
        made.add(name);
        lambda.createFunction(
                more.apply(
                                CreateFunctionRequest.builder()
                                        .functionName(name)
                                        .runtime("python3.13")
                                        .role(role)
                                        .handler("app.handler")
                                        .timeout((int) Math.max(1, timeout.toSeconds()))
                                        .code(it -> it.zipFile(zip(source))))
                        .build());
        lambda.waiter().waitUntilFunctionActiveV2(it -> it.functionName(name));
        String version = lambda.publishVersion(it -> it.functionName(name)).version();
        lambda.createAlias(it -> it.functionName(name).name("live").functionVersion(version));
        return name;
    }

    /** One function for all tests that ask for the same. */
    String shared(String body, Duration timeout) {
        return deployed.computeIfAbsent(body + timeout, _ -> deploy(body, timeout));
    }

    private static SdkBytes zip(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("app.py"));
            zip.write(source.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return SdkBytes.fromByteArray(bytes.toByteArray());
    }

    /** Whether the service says that the attempt's execution runs; found by its event. */
    boolean isRunning(String function, Attempt attempt) {
        String ours = "\"GANTRY_STEP\":\"%d\"".formatted(attempt.context().step());
        String execution = attempt.context().executionId();
        String number = "\"GANTRY_ATTEMPT\":\"%d\"".formatted(attempt.context().attempt());
        return lambda
                .listDurableExecutionsByFunctionPaginator(
                        it -> it.functionName(function).qualifier("live"))
                .durableExecutions()
                .stream()
                .filter(one -> one.status() == ExecutionStatus.RUNNING)
                .map(one ->
                        lambda.getDurableExecution(
                                        it -> it.durableExecutionArn(one.durableExecutionArn()))
                                .inputPayload())
                .anyMatch(event ->
                        event.contains(ours)
                                && event.contains(execution)
                                && event.contains(number));
    }

    /** Stops every execution of the function, as anybody may. */
    void stop(String function) {
        lambda.listDurableExecutionsByFunctionPaginator(
                        it -> it.functionName(function).qualifier("live"))
                .durableExecutions()
                .forEach(one ->
                        lambda.stopDurableExecution(it ->
                                it.durableExecutionArn(one.durableExecutionArn())
                                        .error(e ->
                                                e.errorType("Operator").errorMessage("enough"))));
    }

    /** What the backend counts: every run of a handler. */
    List<JsonNode> invocations(String function) {
        try {
            List<JsonNode> found = new ArrayList<>();
            JSON.readTree(get("/_front_door/invocations"))
                    .forEach(it -> {
                        if (it.path("function").asText().equals(function)) {
                            found.add(it);
                        }
                    });
            return found;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param faults members of a JSON object, such as {@code "cut_reply":1}
     */
    void suffer(String function, String faults) {
        send(
                HttpRequest.newBuilder(URI.create(endpoint + "/_front_door/faults"))
                        .PUT(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"function\":\"%s\",%s}".formatted(function, faults)))
                        .build());
    }

    private String get(String path) {
        return send(HttpRequest.newBuilder(URI.create(endpoint + path)).build());
    }
}
