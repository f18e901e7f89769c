package dev.gantry.adapter.docker;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt's workload asks for, whichever form it has.
 *
 * @param script its path is the first argument
 * @param stdin null for the step's input
 * @param network null for the platform's
 * @param user null for the platform's
 */
record ContainerPlan(
        String image,
        List<String> command,
        Workload.@Nullable Script script,
        List<String> arguments,
        Map<String, String> environment,
        @Nullable String stdin,
        Workload.PullPolicy pull,
        Workload.Result result,
        Workload.Retention retention,
        @Nullable Duration keepFor,
        String name,
        @Nullable String network,
        @Nullable String user) {

    static ContainerPlan of(Attempt attempt) {
        return of(attempt.workload());
    }

    static ContainerPlan of(Workload workload) {
        return switch (workload) {
            case Workload.Process process -> process(process);
            case Workload.Function function -> new Binding(function).plan();
        };
    }

    private static ContainerPlan process(Workload.Process process) {
        return new ContainerPlan(
                process.image(),
                process.command(),
                process.script(),
                process.arguments(),
                process.environment(),
                process.stdin(),
                process.pull(),
                process.result(),
                process.retention(),
                process.keepFor(),
                process.name(),
                null,
                null);
    }

    byte[] stdin(Attempt attempt) {
        return stdin == null ? attempt.input() : stdin.getBytes(StandardCharsets.UTF_8);
    }

    /** What follows the command. */
    List<String> allArguments() {
        if (script == null) {
            return arguments;
        }
        List<String> all = new ArrayList<>();
        all.add(ContainerFiles.script(script));
        all.addAll(arguments);
        return all;
    }
}
