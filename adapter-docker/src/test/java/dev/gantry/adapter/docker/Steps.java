package dev.gantry.adapter.docker;

import dev.gantry.contract.LoneStep;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attempts of steps of their own. */
final class Steps {
    private Steps() {}

    /** A shell script with its arguments. */
    static Workload.Process shell(Workload.Result result, String script, String... arguments) {
        return process(
                Engine.IMAGE,
                List.of("/bin/sh"),
                new Workload.Script("script.sh", script),
                List.of(arguments),
                Map.of(),
                result);
    }

    static Workload.Process process(
            String image,
            List<String> command,
            Workload.@Nullable Script script,
            List<String> arguments,
            Map<String, String> environment,
            Workload.Result result) {
        return new Workload.Process(
                "step",
                image,
                command,
                script,
                arguments,
                environment,
                "",
                Workload.PullPolicy.IF_NOT_PRESENT,
                result,
                Workload.Retention.REMOVE,
                null);
    }

    static Workload.Function function(Map<String, Object> binding) {
        return new Workload.Function("test/step", "1.0.0", binding);
    }

    static Attempt of(String installation, Workload workload) {
        return of(installation, workload, Limits.defaults());
    }

    static Attempt of(String installation, Workload workload, Limits limits) {
        return LoneStep.of(installation, RuntimeClass.CONTAINER, workload, limits);
    }

    static Limits limits(@Nullable Long memoryBytes, long maxOutputBytes, long maxLogBytes) {
        Limits it = Limits.defaults();
        return new Limits(null, memoryBytes, it.timeout(), maxOutputBytes, maxLogBytes, 256L << 20);
    }
}
