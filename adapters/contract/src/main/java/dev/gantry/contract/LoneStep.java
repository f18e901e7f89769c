package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.util.UUID;

/** The first attempt of a step of an execution of its own, for what an adapter tests by itself. */
public final class LoneStep {
    private LoneStep() {}

    public static Attempt of(
            String installation, RuntimeClass runtimeClass, Workload workload, Limits limits) {
        return of(installation, runtimeClass, workload, "{}".getBytes(UTF_8), limits);
    }

    public static Attempt of(
            String installation,
            RuntimeClass runtimeClass,
            Workload workload,
            byte[] input,
            Limits limits) {
        return of(installation, "acme", runtimeClass, workload, input, limits);
    }

    public static Attempt of(
            String installation,
            String tenant,
            RuntimeClass runtimeClass,
            Workload workload,
            byte[] input,
            Limits limits) {
        String execution = UUID.randomUUID().toString();
        StepContext context =
                new StepContext(
                        installation,
                        tenant,
                        execution,
                        1,
                        "/do/0/a",
                        "",
                        1,
                        execution,
                        "user:ann",
                        execution,
                        null);
        return new Attempt(
                context,
                "g" + execution.replace("-", "") + "-1",
                runtimeClass,
                workload,
                input,
                limits);
    }
}
