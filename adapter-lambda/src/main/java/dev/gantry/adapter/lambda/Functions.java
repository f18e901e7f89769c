package dev.gantry.adapter.lambda;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.CapacityProviderConfig;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;

/** What is known of functions. An alias may move, so it is asked again after a while. */
final class Functions {
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MAX_KEPT = 10_000;
    private static final int FORBIDDEN = 403;

    /** In these a function takes no calls; in states that are not known here it may. */
    private static final Set<String> NOT_INVOCABLE =
            Set.of("Pending", "ActiveNonInvocable", "Deactivating", "Deleting");

    private final Clients clients;
    private final InstantSource clock;
    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    private record Key(String function, String qualifier, @Nullable String role) {}

    private record Known(Facts facts, Instant at) {}

    /**
     * @param timeout after which Lambda ends an invocation
     * @param isolated whether calls must name a tenant; null if that is not known
     * @param durable whether its executions can have names; null if that is not known
     * @param logGroup where its log is
     * @param capacityProvider on whose instances it runs; null if on none, or if that is not known
     */
    record Facts(
            Duration timeout,
            @Nullable Boolean isolated,
            @Nullable Boolean durable,
            String logGroup,
            @Nullable String capacityProvider) {}

    Functions(Clients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    Facts facts(Target target, Clients.Access access) throws ProvisionException {
        Key key = new Key(target.functionName(), target.qualifier(), access.role());
        Known before = known.get(key);
        Instant now = clock.instant();
        if (before != null && before.at().plus(KEPT).isAfter(now)) {
            return before.facts();
        }
        Facts facts = look(target, access);
        if (known.size() >= MAX_KEPT) {
            known.clear();
        }
        known.put(key, new Known(facts, now));
        return facts;
    }

    private Facts look(Target target, Clients.Access access) throws ProvisionException {
        String doing = "function %s cannot be looked at".formatted(target);
        try {
            GetFunctionConfigurationResponse found =
                    clients.control(access)
                            .getFunctionConfiguration(it ->
                                    it.functionName(target.functionName())
                                            .qualifier(target.qualifier()));
            requireInvocable(target, found);
            return new Facts(
                    Duration.ofSeconds(found.timeout()),
                    found.tenancyConfig() != null,
                    found.durableConfig() != null,
                    found.loggingConfig() == null || found.loggingConfig().logGroup() == null
                            ? usualLogGroup(target)
                            : found.loggingConfig().logGroup(),
                    capacityProvider(found));
        } catch (AwsServiceException e) {
            if (mayNotLook(e)) {
                return new Facts(target.limit(), null, null, usualLogGroup(target), null);
            }
            throw Refusals.beforeACall(doing, e);
        } catch (SdkException e) {
            throw new ProvisionException(unavailable(doing, e), e);
        }
    }

    private static @Nullable String capacityProvider(GetFunctionConfigurationResponse found) {
        CapacityProviderConfig config = found.capacityProviderConfig();
        if (config == null) {
            return null;
        }
        var instances = config.lambdaManagedInstancesCapacityProviderConfig();
        return instances == null || instances.capacityProviderArn() == null
                ? "unknown"
                : instances.capacityProviderArn();
    }

    /** The right to call a function does not have to include the one to look at it. */
    private static boolean mayNotLook(AwsServiceException e) {
        return e.statusCode() == FORBIDDEN
                && e.awsErrorDetails() != null
                && "AccessDeniedException".equals(e.awsErrorDetails().errorCode());
    }

    private static String usualLogGroup(Target target) {
        return "/aws/lambda/" + target.plainName();
    }

    private static void requireInvocable(Target target, GetFunctionConfigurationResponse found)
            throws ProvisionException {
        String state = Objects.requireNonNullElse(found.stateAsString(), "Active");
        boolean failed = state.equals("Failed");
        if (failed || NOT_INVOCABLE.contains(state)) {
            throw new ProvisionException(
                    new Failure(
                            failed ? Refusals.SETUP : Refusals.NOT_READY,
                            "function %s is in state %s (%s): %s"
                                    .formatted(
                                            target,
                                            state,
                                            found.stateReasonCodeAsString(),
                                            found.stateReason()),
                            failed ? Actor.AUTHOR : Actor.THROTTLED,
                            true,
                            Progress.NEVER_STARTED));
        }
    }

    static Failure unavailable(String doing, SdkException e) {
        if (e instanceof software.amazon.awssdk.core.exception.AbortedException) {
            Thread.currentThread().interrupt();
        }
        return new Failure(
                Code.BACKEND_UNAVAILABLE,
                "%s: %s".formatted(doing, Failures.reason(e)),
                Actor.BACKEND,
                true,
                Progress.NEVER_STARTED);
    }
}
