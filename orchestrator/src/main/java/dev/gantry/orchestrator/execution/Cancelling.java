package dev.gantry.orchestrator.execution;

import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops attempts, and asks again until the backend confirms that they are dead. */
final class Cancelling {
    private static final Logger log = LoggerFactory.getLogger(Cancelling.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final Duration grace;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Consumer<StepRun> dead;

    /**
     * @param dead gets those that nobody observes
     */
    Cancelling(
            Duration grace,
            Executor executor,
            ScheduledExecutorService timer,
            Consumer<StepRun> dead) {
        this.grace = grace;
        this.executor = executor;
        this.timer = timer;
        this.dead = dead;
    }

    /** The run's own future ends with it, if it has one. */
    void begin(StepRun run) {
        begin(run, FIRST_PAUSE);
    }

    private void begin(StepRun run, Duration pause) {
        if (run.hasEnded() || run.shard.isLost()) {
            return;
        }
        if (!run.shard.isSure()) {
            later(run, pause);
            return;
        }
        RunnerAdapter adapter = run.adapter();
        if (!run.can(Capability.CANCEL)) {
            run.ids()
                    .in(() ->
                            log.info(
                                    "execution {} step {}: adapter {} cannot cancel; waiting for its end",
                                    run.head.id(),
                                    run.ticket.step(),
                                    run.ticket.adapter()));
            return;
        }
        var _ =
                adapter.cancel(run.handle(), grace)
                        .whenCompleteAsync(
                                (nothing, failure) -> asked(run, pause, failure), executor);
    }

    private void asked(StepRun run, Duration pause, @Nullable Throwable failure) {
        if (failure != null) {
            run.ids()
                    .in(() ->
                            log.warn(
                                    "execution {} step {}: cannot confirm that it is dead, trying again in {}",
                                    run.head.id(),
                                    run.ticket.step(),
                                    pause,
                                    failure));
            later(run, pause);
        } else if (run.future == null) {
            dead.accept(run);
        }
    }

    private void later(StepRun run, Duration pause) {
        var _ =
                timer.schedule(
                        () -> executor.execute(() -> again(run, pause)),
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void again(StepRun run, Duration pause) {
        try {
            begin(run, StepEnding.longer(pause));
        } catch (RuntimeException e) {
            asked(run, StepEnding.longer(pause), e);
        }
    }
}
