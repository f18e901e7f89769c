package dev.gantry.adapter.lambda;

import dev.gantry.spi.Health;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Everything that needs AWS's classes: made when something is to be done there, and not before. */
final class Backend implements AutoCloseable {
    private static final Duration HEALTH = Duration.ofSeconds(4);

    /** What Lambda says to credentials that it does not take at all. */
    private static final Set<String> NO_CREDENTIALS =
            Set.of(
                    "UnrecognizedClientException",
                    "InvalidSignatureException",
                    "ExpiredTokenException",
                    "IncompleteSignatureException",
                    "MissingAuthenticationTokenException");

    private final LambdaSettings settings;
    private final Clients clients;
    final Functions functions;
    private final SyncCalls sync;
    final AsyncCalls async;
    final DurableCalls durable;
    private final @Nullable CompletionQueue queue;
    final FunctionLogs logs;
    final Deployments deployments;

    Backend(String installation, LambdaSettings settings, AttemptBlobs blobs) {
        this(installation, settings, new Clients(settings), blobs);
    }

    Backend(String installation, LambdaSettings settings, Clients clients, AttemptBlobs blobs) {
        LargeInputs inputs = blobs.inputs;
        this.settings = settings;
        this.clients = clients;
        this.functions = new Functions(clients, InstantSource.system());
        this.sync = new SyncCalls(clients, InstantSource.system(), inputs);
        Reports reports = new Reports(clients, settings);
        this.durable =
                new DurableCalls(clients, InstantSource.system(), installation, inputs, reports);
        String queueName = settings.completionQueue();
        this.queue =
                queueName == null
                        ? null
                        : new CompletionQueue(
                                clients.queues(), queueName, installation, blobs.records);
        this.async =
                new AsyncCalls(
                        clients,
                        InstantSource.system(),
                        new EventRules(clients, settings, InstantSource.system()),
                        inputs,
                        blobs.records,
                        queue == null
                                ? null
                                : new AsyncEnds(
                                        clients.margin(),
                                        InstantSource.system(),
                                        queue,
                                        blobs.records,
                                        reports));
        this.deployments = new Deployments(clients, InstantSource.system());
        this.logs = new FunctionLogs(clients, settings);
    }

    Way way(Mode mode) {
        return switch (mode) {
            case SYNC -> sync;
            case ASYNC -> async;
            case DURABLE -> durable;
        };
    }

    /** Asks for a function that nobody has: any answer but one shows that Lambda is there. */
    Health health() {
        String where =
                settings.endpoint() == null
                        ? "Lambda in " + settings.region()
                        : "Lambda at " + settings.endpoint();
        try {
            clients.control(new Clients.Access(null, ""))
                    .getFunctionConfiguration(it ->
                            it.functionName("gantry-health")
                                    .overrideConfiguration(o -> o.apiCallTimeout(HEALTH)));
            return Health.connected(where);
        } catch (AwsServiceException e) {
            boolean known = e.awsErrorDetails() != null;
            if (e.statusCode() >= 500
                    || (known && NO_CREDENTIALS.contains(e.awsErrorDetails().errorCode()))) {
                return Health.disconnected("%s: %s".formatted(where, e.getMessage()));
            }
            return Health.connected(where);
        } catch (SdkException e) {
            return Health.disconnected("%s: %s".formatted(where, Failures.reason(e)));
        }
    }

    @Override
    public void close() {
        if (queue != null) {
            queue.close();
        }
        clients.close();
    }
}
