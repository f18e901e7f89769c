package dev.gantry.adapter.lambda;

import dev.gantry.contract.LoneStep;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attempts of steps of their own. */
final class Steps {
    private Steps() {}

    /** The alias {@code live} of a function. */
    static Workload.Function function(String name, String... more) {
        Map<String, Object> binding = new HashMap<>();
        binding.put("functionName", name);
        binding.put("qualifier", "live");
        for (int i = 0; i < more.length; i += 2) {
            binding.put(more[i], more[i + 1]);
        }
        return new Workload.Function("test/" + name, "1.0.0", binding);
    }

    static Attempt of(Workload workload) {
        return LoneStep.of("test", RuntimeClass.FAAS, workload, Limits.defaults());
    }

    static Attempt of(Workload workload, Duration timeout) {
        return LoneStep.of(
                "test", RuntimeClass.FAAS, workload, Limits.defaults().withTimeout(timeout));
    }

    static Attempt of(Workload workload, byte[] input, Limits limits) {
        return LoneStep.of("test", RuntimeClass.FAAS, workload, input, limits);
    }

    /** The next attempt of the same step. */
    static Attempt next(Attempt attempt) {
        return with(attempt, attempt.context().attempt() + 1, attempt.context().traceparent());
    }

    static Attempt traced(Attempt attempt, String traceparent) {
        return with(attempt, attempt.context().attempt(), traceparent);
    }

    private static Attempt with(Attempt attempt, int number, @Nullable String traceparent) {
        StepContext it = attempt.context();
        return new Attempt(
                new StepContext(
                        it.installation(),
                        it.tenant(),
                        it.executionId(),
                        it.step(),
                        it.taskPointer(),
                        it.iteration(),
                        number,
                        it.correlationId(),
                        it.initiator(),
                        it.idempotencyKey(),
                        traceparent),
                attempt.externalName(),
                attempt.runtimeClass(),
                attempt.workload(),
                attempt.input(),
                attempt.limits());
    }
}
