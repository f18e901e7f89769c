package dev.gantry.adapter.lambda;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * The clients of AWS's services. A connection waits for an answer as long as the slowest function
 * of its class may take, so there is one pool of connections for each class of timeouts; a client
 * has the rights of one role.
 */
final class Clients implements AutoCloseable {
    /** Beyond a function's own timeout: for its start, and for the way of its answer. */
    static final Duration MARGIN = Duration.ofSeconds(30);

    /** The longest timeouts of the classes; the last is what Managed Instances allow. */
    static final List<Duration> CLASSES =
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(90));

    /** Set when the first byte of a request may leave. */
    static final ExecutionAttribute<Runnable> SENDING = new ExecutionAttribute<>("GantrySending");

    /** Clients of roles that were not used for the longest time are given up. */
    private static final int MAX_CLIENTS = 1_000;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    // Below what load balancers and NATs keep, so that no call is sent into a dead connection.
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final int MAX_SESSION_NAME = 64;

    /** Whose rights a call has. */
    record Access(@Nullable String role, String tenant) {}

    private record Key(String use, Access access, Duration timeouts) {}

    private final LambdaSettings settings;
    private final List<Duration> classes;
    private final Duration margin;
    private final AwsCredentialsProvider own;

    /** One thread for the deadlines of all calls; a client would have five of its own. */
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("lambda-deadlines").factory());

    private final Map<Duration, SdkHttpClient> pools = new ConcurrentHashMap<>();
    private final Cache<Key, Object> clients =
            Caffeine.newBuilder().maximumSize(MAX_CLIENTS).build();

    Clients(LambdaSettings settings) {
        this(settings, CLASSES, MARGIN);
    }

    Clients(LambdaSettings settings, List<Duration> classes, Duration margin) {
        this.settings = settings;
        this.classes = List.copyOf(classes);
        this.margin = margin;
        DefaultCredentialsProvider.Builder credentials = DefaultCredentialsProvider.builder();
        if (settings.profile() != null) {
            credentials.profileName(settings.profile());
        }
        this.own = credentials.build();
    }

    Duration margin() {
        return margin;
    }

    /** For calls that begin a function: each is one request, whatever comes of it. */
    LambdaClient calls(Access access, Duration functionTimeout) {
        Duration timeouts =
                classes.stream()
                        .filter(longest -> longest.compareTo(functionTimeout) >= 0)
                        .findFirst()
                        .orElse(functionTimeout);
        return client(
                new Key("calls", access, timeouts),
                LambdaClient.class,
                () ->
                        configured(LambdaClient.builder(), access, timeouts)
                                .overrideConfiguration(it ->
                                        it.scheduledExecutorService(deadlines)
                                                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                                                .addExecutionInterceptor(new Sending()))
                                .build());
    }

    /** For calls that only look, or that may be repeated. */
    LambdaClient control(Access access) {
        return client(
                new Key("control", access, Duration.ZERO),
                LambdaClient.class,
                () -> configured(LambdaClient.builder(), access, classes.getFirst()).build());
    }

    CloudWatchLogsClient logs(Access access) {
        return client(
                new Key("logs", access, Duration.ZERO),
                CloudWatchLogsClient.class,
                () ->
                        configured(CloudWatchLogsClient.builder(), access, classes.getFirst())
                                .build());
    }

    /** The queue is the platform's, whoever a step belongs to. */
    SqsClient queues() {
        Access access = new Access(null, "");
        return client(
                new Key("queues", access, Duration.ZERO),
                SqsClient.class,
                () -> configured(SqsClient.builder(), access, classes.getFirst()).build());
    }

    private <T> T client(Key key, Class<T> type, Supplier<T> make) {
        // Making one opens no connection.
        return type.cast(clients.get(key, _ -> make.get()));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
            B builder, Access access, Duration timeouts) {
        return unprivileged(builder, timeouts).credentialsProvider(credentials(access));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B unprivileged(
            B builder, Duration timeouts) {
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return builder.region(Region.of(Objects.requireNonNull(settings.region())))
                .overrideConfiguration(it -> it.scheduledExecutorService(deadlines))
                .httpClient(pool(timeouts));
    }

    private SdkHttpClient pool(Duration timeouts) {
        return pools.computeIfAbsent(
                timeouts,
                _ ->
                        Apache5HttpClient.builder()
                                .socketTimeout(timeouts.plus(margin))
                                .connectionTimeout(CONNECT)
                                .connectionAcquisitionTimeout(CONNECT)
                                .connectionMaxIdleTime(IDLE)
                                .maxConnections(settings.maxInFlight() + 50)
                                .tcpKeepAlive(true)
                                .build());
    }

    private AwsCredentialsProvider credentials(Access access) {
        String role = access.role();
        if (role == null) {
            return own;
        }
        StsClient sts =
                unprivileged(StsClient.builder(), classes.getFirst())
                        .credentialsProvider(own)
                        .build();
        String session = "gantry-" + access.tenant();
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts)
                .refreshRequest(it ->
                        it.roleArn(role)
                                .roleSessionName(
                                        session.substring(
                                                0, Math.min(session.length(), MAX_SESSION_NAME)))
                                .externalId(settings.externalId()))
                .build();
    }

    /** Tells that a request is about to be sent: what fails before has reached nobody. */
    private static final class Sending implements ExecutionInterceptor {
        @Override
        public void beforeTransmission(
                Context.BeforeTransmission context, ExecutionAttributes attributes) {
            Runnable sending = attributes.getAttribute(SENDING);
            if (sending != null) {
                sending.run();
            }
        }
    }

    @Override
    public void close() {
        pools.values().forEach(SdkHttpClient::close);
        deadlines.shutdownNow();
    }
}
