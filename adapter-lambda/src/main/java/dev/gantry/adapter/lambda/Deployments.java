package dev.gantry.adapter.lambda;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.TeardownException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * Deploys functions from sources, when they are called for the first time. Each call may be the
 * last of its process, and another process may be at the same: a name stands for one content, so
 * each takes up what it finds. The alias is the last step, and says that all others are done.
 */
final class Deployments {
    /** A new function takes calls after some seconds, with large networks after a minute. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MAX_KEPT = 10_000;
    private static final int CONFLICT = 409;

    private final Clients clients;
    private final InstantSource clock;
    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    /** Steps of one function wait for each other; one lock serves many functions. */
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

    private record Key(String function, String alias, @Nullable String role) {}

    private record Known(String version, Instant at) {}

    Deployments(Clients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /** The published version of the function; deployed if it is not there yet. */
    String version(Deployment deployment, Clients.Access access) throws ProvisionException {
        Key key = new Key(deployment.functionName(), deployment.alias(), access.role());
        ReentrantLock lock = locks[Math.floorMod(key.hashCode(), locks.length)];
        lock.lock();
        try {
            Known before = known.get(key);
            Instant now = clock.instant();
            if (before != null && before.at().plus(KEPT).isAfter(now)) {
                return before.version();
            }
            String version = deployed(deployment, access);
            if (known.size() >= MAX_KEPT) {
                known.clear();
            }
            known.put(key, new Known(version, now));
            return version;
        } finally {
            lock.unlock();
        }
    }

    private String deployed(Deployment deployment, Clients.Access access)
            throws ProvisionException {
        String doing = "function %s cannot be deployed".formatted(deployment.functionName());
        try {
            LambdaClient lambda = clients.control(access);
            String version = aliased(lambda, deployment);
            if (version == null) {
                create(lambda, deployment);
                awaitReady(lambda, deployment, null);
                version = publish(lambda, deployment);
                awaitReady(lambda, deployment, version);
                version = alias(lambda, deployment, version);
            }
            requireCode(lambda, deployment, version);
            return version;
        } catch (InvalidParameterValueException e) {
            // Most often the function's role, which may not be usable yet.
            throw refused(doing + ": " + e.getMessage(), Actor.PLATFORM, true);
        } catch (AwsServiceException e) {
            throw Refusals.beforeACall(doing, e);
        } catch (SdkException e) {
            throw new ProvisionException(Functions.unavailable(doing, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(doing + ": it was interrupted", Actor.PLATFORM, true);
        }
    }

    private static @Nullable String aliased(LambdaClient lambda, Deployment deployment) {
        try {
            return lambda.getAlias(it ->
                            it.functionName(deployment.functionName()).name(deployment.alias()))
                    .functionVersion();
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }

    private static void create(LambdaClient lambda, Deployment deployment) {
        try {
            lambda.createFunction(it ->
                    it.functionName(deployment.functionName())
                            .runtime(deployment.shape().runtime())
                            .handler(deployment.shape().handler())
                            .memorySize(deployment.shape().memoryMib())
                            .timeout(Math.toIntExact(deployment.timeout().toSeconds()))
                            .role(deployment.role())
                            .tags(deployment.tags())
                            .code(c -> c.zipFile(SdkBytes.fromByteArray(deployment.zip()))));
        } catch (LambdaException e) {
            // It is there: another process has made it, or an earlier one of this node.
            requireConflict(e);
        }
    }

    /**
     * The code is what it was: where nothing has changed, Lambda tells the version that there is.
     */
    private static String publish(LambdaClient lambda, Deployment deployment)
            throws InterruptedException {
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            try {
                return lambda.publishVersion(it ->
                                it.functionName(deployment.functionName())
                                        .codeSha256(deployment.codeSha256()))
                        .version();
            } catch (LambdaException e) {
                requireConflict(e);
                if (System.nanoTime() >= until) {
                    throw e;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private static String alias(LambdaClient lambda, Deployment deployment, String version) {
        try {
            return lambda.createAlias(it ->
                            it.functionName(deployment.functionName())
                                    .name(deployment.alias())
                                    .functionVersion(version))
                    .functionVersion();
        } catch (LambdaException e) {
            requireConflict(e);
            String there = aliased(lambda, deployment);
            if (there == null) {
                throw e;
            }
            return there;
        }
    }

    /** By the status: services call it differently. */
    private static void requireConflict(LambdaException e) {
        if (e.statusCode() != CONFLICT) {
            throw e;
        }
    }

    private static void awaitReady(
            LambdaClient lambda, Deployment deployment, @Nullable String version)
            throws InterruptedException, ProvisionException {
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            GetFunctionConfigurationResponse now = look(lambda, deployment, version);
            String state = String.valueOf(now.stateAsString());
            String update = String.valueOf(now.lastUpdateStatusAsString());
            if (state.equals("Active") && !update.equals("InProgress")) {
                return;
            }
            String told =
                    "function %s is in state %s (%s): %s"
                            .formatted(
                                    deployment.functionName(),
                                    state,
                                    now.stateReasonCodeAsString(),
                                    now.stateReason());
            if (state.equals("Failed")) {
                throw refused(told, Actor.PLATFORM, true);
            }
            if (System.nanoTime() >= until) {
                throw refused(told + "; it was waited for", Actor.BACKEND, true);
            }
            Thread.sleep(PAUSE);
        }
    }

    private static GetFunctionConfigurationResponse look(
            LambdaClient lambda, Deployment deployment, @Nullable String version) {
        return lambda.getFunctionConfiguration(
                it -> it.functionName(deployment.functionName()).qualifier(version));
    }

    /** What was changed by somebody else is not the definition's any more. */
    private static void requireCode(LambdaClient lambda, Deployment deployment, String version)
            throws ProvisionException {
        if (!deployment.codeSha256().equals(look(lambda, deployment, version).codeSha256())) {
            throw refused(
                    "version %s of function %s has other code than its definition: somebody has changed it; delete the function, and it is deployed again"
                            .formatted(version, deployment.functionName()),
                    Actor.PLATFORM,
                    false);
        }
    }

    private static ProvisionException refused(String message, Actor actor, boolean retryable) {
        return new ProvisionException(
                new Failure(Refusals.SETUP, message, actor, retryable, Progress.NEVER_STARTED));
    }

    /** Takes a version's alias away, and the function with the last of them. */
    void remove(Deployment deployment, Clients.Access access) throws TeardownException {
        known.remove(new Key(deployment.functionName(), deployment.alias(), access.role()));
        LambdaClient lambda = clients.control(access);
        String name = deployment.functionName();
        try {
            if (aliased(lambda, deployment) != null) {
                lambda.deleteAlias(it -> it.functionName(name).name(deployment.alias()));
            }
            if (lambda.listAliases(it -> it.functionName(name)).aliases().isEmpty()) {
                lambda.deleteFunction(it -> it.functionName(name));
            }
        } catch (ResourceNotFoundException e) {
            // It is gone.
        } catch (AwsServiceException e) {
            throw new TeardownException(
                    Refusals.of("function %s cannot be taken away".formatted(name), e), e);
        } catch (SdkException e) {
            throw new TeardownException(
                    Functions.unavailable("function %s cannot be taken away".formatted(name), e),
                    e);
        }
    }
}
