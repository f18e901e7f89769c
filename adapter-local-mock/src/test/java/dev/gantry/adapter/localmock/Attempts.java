package dev.gantry.adapter.localmock;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Limits;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Attempts to test with: {@code billing/charge:2.0.1} at {@code /do/0/charge}, with one change. */
record Attempts(
        String function,
        String task,
        String iteration,
        int attempt,
        String correlationId,
        String input,
        Map<String, Object> binding,
        Limits limits) {

    static final Attempts CHARGE =
            new Attempts(
                    "billing/charge",
                    "/do/0/charge",
                    "",
                    1,
                    "order-1",
                    "{\"order\":{\"id\":17,\"items\":[\"pen\",\"ink\"]},\"note\":\"hi\"}",
                    Map.of(),
                    Limits.defaults());

    Attempt build() {
        return build(new Workload.Function(function, "2.0.1", binding));
    }

    /** As a process in a container. */
    Attempt process(String name, Workload.Result result) {
        return build(
                new Workload.Process(
                        name,
                        "alpine:3.20",
                        List.of("/bin/sh", "-c"),
                        List.of("echo hi"),
                        Map.of("TOKEN", "secret"),
                        null,
                        Workload.PullPolicy.IF_NOT_PRESENT,
                        result,
                        Workload.Retention.REMOVE));
    }

    private Attempt build(Workload workload) {
        StepContext context =
                new StepContext(
                        "test",
                        "tenant-a",
                        "0198c1d2-0000-7000-8000-000000000000",
                        3,
                        task,
                        iteration,
                        attempt,
                        correlationId,
                        "user:ann",
                        "0198c1d2:" + task + "#" + iteration,
                        null);
        int hash = (correlationId + task).hashCode();
        String name = "g-%08x-%s".formatted(hash, iteration.replaceAll("[^a-z0-9]", "-"));
        return new Attempt(
                context, name, RuntimeClass.FAAS, workload, input.getBytes(UTF_8), limits);
    }

    Attempts function(String name) {
        return new Attempts(name, task, iteration, attempt, correlationId, input, binding, limits);
    }

    Attempts task(String pointer) {
        return new Attempts(
                function, pointer, iteration, attempt, correlationId, input, binding, limits);
    }

    Attempts iteration(String position) {
        return new Attempts(
                function, task, position, attempt, correlationId, input, binding, limits);
    }

    Attempts attempt(int number) {
        return new Attempts(
                function, task, iteration, number, correlationId, input, binding, limits);
    }

    Attempts correlation(String id) {
        return new Attempts(function, task, iteration, attempt, id, input, binding, limits);
    }

    Attempts input(String json) {
        return new Attempts(
                function, task, iteration, attempt, correlationId, json, binding, limits);
    }

    Attempts binding(Map<String, Object> block) {
        return new Attempts(
                function, task, iteration, attempt, correlationId, input, block, limits);
    }

    Attempts timeout(Duration timeout) {
        return new Attempts(
                function,
                task,
                iteration,
                attempt,
                correlationId,
                input,
                binding,
                limits.withTimeout(timeout));
    }
}
