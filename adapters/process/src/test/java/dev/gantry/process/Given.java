package dev.gantry.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workloads and attempts for tests. */
final class Given {
    private Given() {}

    static Workload.Process process(
            String image, List<String> arguments, Map<String, String> environment) {
        return new Workload.Process(
                "step",
                image,
                List.of("/bin/true"),
                arguments,
                environment,
                null,
                Workload.PullPolicy.IF_NOT_PRESENT,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE);
    }

    static Workload.Process script(Workload.Script script, @Nullable String stdin) {
        return new Workload.Process(
                "step",
                "tool",
                List.of("/bin/sh"),
                script,
                List.of("-x"),
                Map.of("LEVEL", "info"),
                stdin,
                Workload.PullPolicy.IF_NOT_PRESENT,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE,
                null);
    }

    static Attempt attempt(Workload workload, String input, Limits limits) {
        StepContext context =
                new StepContext(
                        "here",
                        "acme",
                        "e-1",
                        7,
                        "/do/0/a",
                        "",
                        2,
                        "c-1",
                        "user:ann",
                        "k-1",
                        "00-trace-span-01");
        return new Attempt(
                context, "g-1", RuntimeClass.CONTAINER, workload, input.getBytes(UTF_8), limits);
    }

    static Attempt attempt(Workload workload) {
        return attempt(workload, "{}", Limits.defaults());
    }

    static Limits limits(
            @Nullable Integer cpuMillis,
            @Nullable Long memoryBytes,
            long maxOutputBytes,
            long maxLogBytes) {
        Limits it = Limits.defaults();
        return new Limits(
                cpuMillis,
                memoryBytes,
                it.timeout(),
                maxOutputBytes,
                maxLogBytes,
                it.maxArtifactBytes());
    }
}
