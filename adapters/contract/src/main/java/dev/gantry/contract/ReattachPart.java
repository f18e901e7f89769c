package dev.gantry.contract;

import static dev.gantry.spi.Capability.CANCEL;
import static dev.gantry.spi.Capability.LOG_STREAMING;
import static dev.gantry.spi.Capability.REATTACH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.gantry.contract.Behaviour.Echo;
import dev.gantry.contract.Behaviour.Sleep;
import dev.gantry.contract.Behaviour.Tick;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** After a restart another instance goes on with a handle that was read from bytes. */
interface ReattachPart extends Benched {

    @Test
    default void writesHandlesThatCanBeReadAgain() throws RunnerException {
        Attempt attempt = bench().attempts.of(new Echo());

        Handle handle = bench().provision(bench().adapter(), attempt);

        assertThat(Handle.fromBytes(handle.toBytes())).isEqualTo(handle);
        assertThat(handle.kind()).isEqualTo(bench().fixture.kind());
        assertThat(handle.externalName()).isEqualTo(attempt.externalName());
    }

    @Test
    default void goesOnObservingAfterARestart() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        Duration twoMoments = bench().fixture.moment().multipliedBy(2);
        Attempt attempt = bench().attempts.of(new Sleep(twoMoments));
        Bench.Run run = bench().beginAndSee(attempt);

        RunnerAdapter restarted = restart(run.handle());
        var outcome = restarted.reattach(read(run.handle()), attempt, new LogStore().sink());

        assertThat(bench().await(outcome)).isInstanceOf(Succeeded.class);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void learnsAnEndThatNobodySaw() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        Attempt attempt = Attempts.withInput(bench().attempts.of(new Echo()), "{\"n\":2}");
        Bench.Run run = bench().begin(attempt);
        bench().await(run.outcome());

        RunnerAdapter restarted = restart(run.handle());
        var outcome = restarted.reattach(read(run.handle()), attempt, new LogStore().sink());

        assertThat(bench().await(outcome))
                .asInstanceOf(type(Succeeded.class))
                .extracting(it -> new String(it.output(), UTF_8).strip())
                .isEqualTo("{\"n\":2}");
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void continuesLogsByOffsetAfterARestart() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        int lines = 40;
        Duration pause = bench().fixture.moment().dividedBy(10);
        Attempt attempt = bench().attempts.of(new Tick(lines, pause));
        LogStore logs = LogStore.ofPattern();
        RecordingSink beforeCrash = logs.sink();
        Bench.Run run = bench().begin(bench().adapter(), attempt, beforeCrash);
        if (bench().claims(LOG_STREAMING)) {
            bench().until("a few lines", () -> logs.position(Stream.STDOUT) >= 300);
        }

        beforeCrash.cut();
        RunnerAdapter restarted = restart(run.handle());
        Handle handle = read(run.handle());
        Outcome outcome = bench().await(restarted.reattach(handle, attempt, logs.sink()));
        collect(restarted, handle, attempt, logs);

        assertThat(outcome).isInstanceOf(Succeeded.class);
        logs.assertComplete((long) lines * LogPattern.LINE_BYTES, 0);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    @Test
    default void deliversLogsOfAnEndThatNobodySaw() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        Attempt attempt = bench().attempts.of(new Behaviour.Print(150_050, 70_070));
        LogStore logs = LogStore.ofPattern();
        RecordingSink cut = logs.sink();
        cut.cut();
        Bench.Run run = bench().begin(bench().adapter(), attempt, cut);
        bench().await(run.outcome());

        RunnerAdapter restarted = restart(run.handle());
        Handle handle = read(run.handle());
        bench().await(restarted.reattach(handle, attempt, logs.sink()));
        collect(restarted, handle, attempt, logs);

        logs.assertComplete(150_050, 70_070);
    }

    @Test
    default void cancelsWhatAnotherInstanceBegan() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);
        RunnerAdapter restarted = bench().another();
        Handle handle = read(run.handle());
        var observed = restarted.reattach(handle, attempt, new LogStore().sink());

        bench().await(restarted.cancel(handle, Duration.ZERO));

        assertThat(bench().fixture.alive(attempt)).as("alive after cancel").isFalse();
        assertThat(bench().await(observed)).isInstanceOf(Cancelled.class);
        bench().until("the end of the first observation", run.outcome()::isDone);
    }

    @Test
    default void leavesTheWorkAloneWhenItCloses() throws RunnerException {
        bench().assumeClaimed(REATTACH);
        bench().assumeClaimed(CANCEL);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);

        restart(run.handle());

        Pause.of(bench().fixture.moment());
        assertThat(bench().fixture.alive(attempt)).as("alive after close").isTrue();
    }

    @Test
    default void refusesToReattachWithoutTheClaim() throws RunnerException {
        bench().assumeNotClaimed(REATTACH);
        Attempt attempt = bench().attempts.sleeping();
        Bench.Run run = bench().beginAndSee(attempt);

        CompletableFuture<Outcome> observed =
                bench().another().reattach(read(run.handle()), attempt, new LogStore().sink());

        var failure = bench().failureOf(observed);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
        assertThat(bench().fixture.runs(attempt)).as("runs").isEqualTo(1);
    }

    /** The first instance goes away, another takes over. */
    private RunnerAdapter restart(Handle handle) {
        bench().adapter().close();
        RunnerAdapter restarted = bench().another();
        bench().remember(handle, restarted);
        return restarted;
    }

    private static Handle read(Handle handle) {
        return Handle.fromBytes(handle.toBytes());
    }

    private static void collect(
            RunnerAdapter adapter, Handle handle, Attempt attempt, LogStore logs)
            throws RunnerException {
        adapter.collect(handle, attempt, new RecordingCollector(logs));
    }
}
