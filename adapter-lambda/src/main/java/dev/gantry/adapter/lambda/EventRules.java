package dev.gantry.adapter.lambda;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.model.DestinationConfig;
import software.amazon.awssdk.services.lambda.model.GetFunctionEventInvokeConfigResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

/**
 * What a version or alias says about events: Lambda must not repeat them by itself, must give them
 * up in time, and must tell Gantry's queue how they ended. By default it would run an event up to
 * three times, for six hours, and tell nobody.
 */
final class EventRules {
    /** The rules that a function lacks. */
    static final String NO_RULES = "LAMBDA_EVENT_RULES";

    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final int MAX_KEPT = 10_000;

    private final Clients clients;
    private final LambdaSettings settings;
    private final InstantSource clock;
    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    private record Key(String function, String qualifier, @Nullable String role) {}

    private record Known(Duration age, Instant at) {}

    EventRules(Clients clients, LambdaSettings settings, InstantSource clock) {
        this.clients = clients;
        this.settings = settings;
        this.clock = clock;
    }

    /** How long Lambda keeps an event of the function; refused if its rules are others. */
    Duration of(Call call, CompletionQueue queue) throws ProvisionException {
        Target target = call.target();
        Key key = new Key(target.functionName(), target.qualifier(), call.access().role());
        Known before = known.get(key);
        Instant now = clock.instant();
        if (before != null && before.at().plus(KEPT).isAfter(now)) {
            return before.age();
        }
        Duration age = look(call, queue);
        if (known.size() >= MAX_KEPT) {
            known.clear();
        }
        known.put(key, new Known(age, now));
        return age;
    }

    private Duration look(Call call, CompletionQueue queue) throws ProvisionException {
        String doing = "the rules for events of function %s cannot be had".formatted(call.target());
        try {
            String arn = queue.known().arn();
            Rules rules = rules(call);
            List<String> lacks = rules.lacks(arn);
            if (lacks.isEmpty() && rules.age() != null) {
                return Duration.ofSeconds(rules.age());
            }
            if (settings.setEventRules()) {
                return set(call, arn);
            }
            throw new ProvisionException(
                    new Failure(
                            NO_RULES,
                            "function %s is not set up for mode 'async': %s; set that with put-function-event-invoke-config, or set gantry.adapters.lambda.set-event-rules"
                                    .formatted(call.target(), String.join(", ", lacks)),
                            Actor.AUTHOR,
                            false,
                            Progress.NEVER_STARTED));
        } catch (AwsServiceException e) {
            throw Refusals.beforeACall(doing, e);
        } catch (SdkException e) {
            throw new ProvisionException(Functions.unavailable(doing, e), e);
        }
    }

    private record Rules(
            @Nullable Integer retries,
            @Nullable Integer age,
            @Nullable String onSuccess,
            @Nullable String onFailure) {
        List<String> lacks(String queue) {
            List<String> lacks = new ArrayList<>();
            if (retries == null || retries != 0) {
                lacks.add(
                        "MaximumRetryAttempts is %s and must be 0"
                                .formatted(retries == null ? "2 by default" : retries));
            }
            if (age == null) {
                lacks.add("MaximumEventAgeInSeconds is 6 hours by default and must be set");
            }
            if (!queue.equals(onSuccess) || !queue.equals(onFailure)) {
                lacks.add("the destinations OnSuccess and OnFailure must be %s".formatted(queue));
            }
            return lacks;
        }
    }

    private Rules rules(Call call) {
        try {
            GetFunctionEventInvokeConfigResponse found =
                    clients.control(call.access())
                            .getFunctionEventInvokeConfig(it ->
                                    it.functionName(call.target().functionName())
                                            .qualifier(call.target().qualifier()));
            DestinationConfig to = found.destinationConfig();
            return new Rules(
                    found.maximumRetryAttempts(),
                    found.maximumEventAgeInSeconds(),
                    to == null || to.onSuccess() == null ? null : to.onSuccess().destination(),
                    to == null || to.onFailure() == null ? null : to.onFailure().destination());
        } catch (ResourceNotFoundException e) {
            return new Rules(null, null, null, null);
        }
    }

    private Duration set(Call call, String queue) {
        clients.control(call.access())
                .putFunctionEventInvokeConfig(it ->
                        it.functionName(call.target().functionName())
                                .qualifier(call.target().qualifier())
                                .maximumRetryAttempts(0)
                                .maximumEventAgeInSeconds(settings.eventAgeSeconds())
                                .destinationConfig(to ->
                                        to.onSuccess(s -> s.destination(queue))
                                                .onFailure(f -> f.destination(queue))));
        return Duration.ofSeconds(settings.eventAgeSeconds());
    }
}
