package dev.gantry.adapter.docker;

import dev.gantry.process.Capture;
import dev.gantry.process.Ending;
import dev.gantry.process.Endings;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Observes one container to its end. What it prints comes from its streams where they were there
 * from its start; the engine's log has what is lacking: after a restart, a broken connection, or
 * when the sink was too slow.
 */
final class Watch {
    private static final int BROKEN_STREAMS = 5;
    private static final int TAIL_LINES = 200;

    private final Backend engine;
    private final String container;
    private final Attempt attempt;
    private final Workload.Result asked;
    private final Capture capture;
    private boolean isFull;

    /** Nothing more of the log is needed. */
    private static final class Enough extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param sink null if the log was taken before
     */
    Watch(
            Backend engine,
            String container,
            Attempt attempt,
            ContainerPlan plan,
            @Nullable LogSink sink) {
        this.engine = engine;
        this.container = container;
        this.attempt = attempt;
        this.asked = plan.process().result();
        this.capture = new Capture(attempt.limits(), asked, sink);
    }

    /**
     * Blocks until the container has ended and all that it printed is taken.
     *
     * @param feed its streams, as far as they are there
     */
    Seen toTheEnd(@Nullable Feed feed) throws ExecutionException {
        if (feed != null) {
            take(feed);
        }
        IOException failure = null;
        for (int broken = 0; ; ) {
            Seen now = inspect(failure);
            if (now == null) {
                throw new ExecutionException(
                        new Failure(
                                Code.LOST,
                                "container %s is gone".formatted(attempt.externalName()),
                                Actor.BACKEND,
                                true,
                                Progress.MAY_HAVE_COMMITTED));
            }
            boolean running = now.isRunning();
            if (!running && hasAll(feed)) {
                return now;
            }
            // A stream that is followed can end before the last bytes; what is stored is whole.
            failure = isFull ? null : readLog(running, feed);
            if (!running && failure == null) {
                return now;
            }
            if (failure != null && ++broken > BROKEN_STREAMS) {
                throw gone(failure);
            }
            pause(Duration.ofMillis(100L * Math.max(1, broken)));
        }
    }

    private void take(Feed feed) throws ExecutionException {
        try {
            for (Feed.Piece piece = feed.next(); piece != null; piece = feed.next()) {
                capture.take(piece.stream(), piece.offset(), piece.bytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private boolean hasAll(@Nullable Feed feed) {
        return isFull
                || (feed != null
                        && (feed.isComplete()
                                || (isWhole(feed, Stream.STDOUT) && isWhole(feed, Stream.STDERR))));
    }

    private boolean isWhole(Feed feed, Stream stream) {
        Long length = feed.length(stream);
        return length != null && length == capture.total(stream);
    }

    private @Nullable Seen inspect(@Nullable IOException before) throws ExecutionException {
        try {
            return engine.containers().inspect(container);
        } catch (RuntimeException e) {
            throw gone(before == null ? e : before);
        }
    }

    private ExecutionException gone(Exception cause) {
        return new ExecutionException(
                Failures.unavailable(
                        "container %s cannot be observed".formatted(attempt.externalName()),
                        cause,
                        Progress.MAY_HAVE_COMMITTED),
                cause);
    }

    private static void pause(Duration time) throws ExecutionException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static ExecutionException interrupted(InterruptedException e) {
        return new ExecutionException(
                Failures.unavailable("observing was interrupted", e, Progress.MAY_HAVE_COMMITTED),
                e);
    }

    /** All of the log of a container that has ended. */
    @Nullable IOException readLog() {
        return readLog(false, null);
    }

    /**
     * Reads the log from its beginning; what is known is recognised by its offset. It ends early
     * where nothing of the rest would be kept.
     */
    private @Nullable IOException readLog(boolean follow, @Nullable Feed feed) {
        Map<Stream, Long> offsets = new EnumMap<>(Stream.class);
        LogLines lines =
                new LogLines((stream, bytes) -> {
                    long offset = offsets.getOrDefault(stream, 0L);
                    capture.take(stream, offset, bytes);
                    offsets.put(stream, offset + bytes.length);
                    if (capture.isFull()) {
                        throw new Enough();
                    }
                });
        try {
            engine.streams().logs(container, follow ? "&follow=1" : "", lines::take);
            if (!follow) {
                for (Stream stream : Stream.values()) {
                    lines.end(stream, feed == null ? null : feed.endsLine(stream));
                }
            }
            return null;
        } catch (Enough e) {
            isFull = true;
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /**
     * @param measured while it ran
     */
    Outcome outcome(Seen ended, boolean cancelled, Meter.Sample measured)
            throws ExecutionException {
        try {
            if (isFull) {
                engine.streams().logs(container, "&tail=" + TAIL_LINES, capture::tail);
            }
            long most = attempt.limits().maxOutputBytes();
            return new Endings(asked, most, capture, ending(ended, measured))
                    .outcome(cancelled, () -> engine.files().result(container, most));
        } catch (IOException | RuntimeException e) {
            throw gone(e);
        }
    }

    private Ending ending(Seen ended, Meter.Sample measured) {
        String id = ended.id();
        return ended.ending(signal -> engine.signals().sent(id, signal), measured);
    }

    Delivered delivered() {
        return new Delivered(capture.total(Stream.STDOUT), capture.total(Stream.STDERR));
    }

    /** How much of a container's streams a sink was given, which is all of it that is kept. */
    record Delivered(long stdout, long stderr) {
        boolean isWith(LogSink sink) {
            return sink.position(Stream.STDOUT) >= stdout && sink.position(Stream.STDERR) >= stderr;
        }
    }
}
