package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.Fail;
import dev.gantry.contract.Behaviour.Print;
import dev.gantry.contract.Behaviour.Sleep;
import dev.gantry.contract.Behaviour.Tick;
import dev.gantry.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** When much breaks at the same time, every step ends as it would have, and nothing is left. */
interface ChaosPart extends Benched {

    /** {@code -Dgantry.chaos.seed=N} gives the same faults again, as far as time allows. */
    @Test
    default void endsEveryStepAsItShouldWhateverBreaks() throws Exception {
        long seed = Long.getLong("gantry.chaos.seed", 20_261_130);
        int count = Integer.getInteger("gantry.chaos.steps", bench().fixture.chaos());
        Semaphore places = new Semaphore(bench().fixture.crowd());
        List<Future<?>> steps = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                ChaoticStep step = step(i, new Random(seed * 1_000 + i));
                steps.add(
                        threads.submit(() -> {
                            places.acquire();
                            try {
                                step.live();
                            } finally {
                                places.release();
                            }
                            return null;
                        }));
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            try {
                steps.get(i).get();
            } catch (java.util.concurrent.ExecutionException e) {
                throw new AssertionError(
                        "step %d of -Dgantry.chaos.seed=%d".formatted(i, seed), e.getCause());
            }
        }
        assertThat(bench().owned()).as("left on the backend").isEmpty();
    }

    private ChaoticStep step(int number, Random dice) {
        Duration aWhile = bench().fixture.moment().dividedBy(3);
        Behaviour slowly = new Tick(10, aWhile.dividedBy(10));
        return switch (number % 6) {
            case 0 -> new ChaoticStep(bench(), new Echo(), false, dice);
            case 1 -> new ChaoticStep(bench(), orEcho(new Print(50_050, 20_020)), false, dice);
            case 2 -> new ChaoticStep(bench(), new Fail(3), false, dice);
            case 3 -> new ChaoticStep(bench(), orEcho(slowly), false, dice);
            case 4 -> new ChaoticStep(bench(), new Sleep(aWhile), false, dice);
            default ->
                    bench().claims(Capability.CANCEL)
                            ? new ChaoticStep(
                                    bench(), new Sleep(bench().attempts.longTime()), true, dice)
                            : new ChaoticStep(bench(), new Sleep(aWhile), false, dice);
        };
    }

    private Behaviour orEcho(Behaviour behaviour) {
        return bench().fixture.workload(behaviour).isPresent() ? behaviour : new Echo();
    }
}
