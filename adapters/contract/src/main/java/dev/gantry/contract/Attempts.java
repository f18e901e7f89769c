package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Limits;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the attempts of one test: each of a new step, or as a variation of another. */
final class Attempts {
    private static final Duration LONGER_THAN_ANY_TEST = Duration.ofMinutes(10);

    private final AdapterFixture fixture;
    private final String installation;
    private final String execution = UUID.randomUUID().toString();
    private final AtomicInteger steps = new AtomicInteger();

    Attempts(AdapterFixture fixture, String installation) {
        this.fixture = fixture;
        this.installation = installation;
    }

    /** The first attempt of a new step. */
    Attempt of(Behaviour behaviour) {
        return of(workload(behaviour));
    }

    Attempt of(Workload workload) {
        int step = steps.incrementAndGet();
        RuntimeClass runtimeClass =
                fixture.runtimeClasses().stream().sorted().findFirst().orElseThrow();
        return new Attempt(
                context(step),
                "g-%s-%d".formatted(execution, step),
                runtimeClass,
                workload,
                "{}".getBytes(UTF_8),
                Limits.defaults().withTimeout(LONGER_THAN_ANY_TEST));
    }

    private StepContext context(int step) {
        // Characters that backends are known to refuse in labels: slash, colon, space, non-ASCII.
        return new StepContext(
                installation,
                "tenant-a",
                execution,
                step,
                "/do/0/charge~1card",
                "3.0",
                1,
                "order: 4711/ä",
                "user:ann",
                "%s/do/0/charge/%d".formatted(execution, step),
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }

    /** A workload that works until it is cancelled, or long enough to be looked at. */
    Attempt sleeping() {
        return of(new Behaviour.Sleep(longTime()));
    }

    Duration longTime() {
        boolean canBeEnded = fixture.claims().contains(Capability.CANCEL);
        return canBeEnded ? LONGER_THAN_ANY_TEST : fixture.moment().multipliedBy(2);
    }

    private Workload workload(Behaviour behaviour) {
        return fixture.workload(behaviour)
                .orElseGet(() -> {
                    String what = behaviour.getClass().getSimpleName();
                    if (mayBeMissing(behaviour)) {
                        return abort("the fixture has no workload for " + what);
                    }
                    throw new AssertionError("the fixture must have a workload for " + what);
                });
    }

    private boolean mayBeMissing(Behaviour behaviour) {
        return switch (behaviour) {
            case Behaviour.Print _,
                    Behaviour.LongLines _,
                    Behaviour.Tick _,
                    Behaviour.TellArguments _,
                    Behaviour.TellContext _ ->
                    true;
            case Behaviour.WriteFiles _ -> !fixture.claims().contains(Capability.ARTIFACTS);
            case Behaviour.Work _ -> !fixture.claims().contains(Capability.USAGE);
            default -> false;
        };
    }

    static Attempt withContext(Attempt attempt, StepContext context) {
        return new Attempt(
                context,
                attempt.externalName(),
                attempt.runtimeClass(),
                attempt.workload(),
                attempt.input(),
                attempt.limits());
    }

    /** The next attempt of the same step. */
    static Attempt next(Attempt attempt) {
        StepContext it = attempt.context();
        StepContext context =
                new StepContext(
                        it.installation(),
                        it.tenant(),
                        it.executionId(),
                        it.step(),
                        it.taskPointer(),
                        it.iteration(),
                        it.attempt() + 1,
                        it.correlationId(),
                        it.initiator(),
                        it.idempotencyKey(),
                        it.traceparent());
        return withContext(attempt, context);
    }

    static Attempt withInput(Attempt attempt, String json) {
        return new Attempt(
                attempt.context(),
                attempt.externalName(),
                attempt.runtimeClass(),
                attempt.workload(),
                json.getBytes(UTF_8),
                attempt.limits());
    }

    static Attempt withLimits(Attempt attempt, Limits limits) {
        return new Attempt(
                attempt.context(),
                attempt.externalName(),
                attempt.runtimeClass(),
                attempt.workload(),
                attempt.input(),
                limits);
    }

    static Attempt withClass(Attempt attempt, RuntimeClass runtimeClass) {
        return new Attempt(
                attempt.context(),
                attempt.externalName(),
                runtimeClass,
                attempt.workload(),
                attempt.input(),
                attempt.limits());
    }

    /** The same step with another workload. */
    static Attempt withWorkload(Attempt attempt, Workload workload) {
        return new Attempt(
                attempt.context(),
                attempt.externalName(),
                attempt.runtimeClass(),
                workload,
                attempt.input(),
                attempt.limits());
    }
}
