package dev.gantry.contract;

import dev.gantry.spi.LogSink.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the kit asks a workload to do. A {@linkplain AdapterFixture#workload fixture} says how that
 * is expressed on its backend. Where nothing else is said the workload succeeds, and its result
 * does not matter.
 */
public sealed interface Behaviour {

    /** The result is the input, unchanged. */
    record Echo() implements Behaviour {}

    /** Ends by itself as failed: a process with this exit code, a function with an error. */
    record Fail(int code) implements Behaviour {}

    /** Works for this long, using next to no CPU. */
    record Sleep(Duration duration) implements Behaviour {}

    /**
     * Prints this many bytes of {@link LogPattern} to each stream, as fast as it can. Where
     * standard output would be taken for the result, the workload writes the result {@code null}
     * elsewhere.
     */
    record Print(long stdoutBytes, long stderrBytes) implements Behaviour {}

    /**
     * Prints lines of {@link LogPattern} to {@link Stream#STDOUT}, one at the start and each of the
     * others after a pause; then succeeds. The result as with {@link Print}.
     */
    record Tick(int lines, Duration pause) implements Behaviour {}

    /**
     * Prints two lines of this many letters x to standard output: one with a line break, the other
     * without. The result as with {@link Print}.
     */
    record LongLines(int bytes) implements Behaviour {}

    /** The result is one JSON string of the letter x that has this many bytes, quotes included. */
    record Produce(int bytes) implements Behaviour {}

    /** Writes files: the path in the output folder, and how many bytes of {@link LogPattern}. */
    record WriteFiles(Map<String, Long> files) implements Behaviour {
        public WriteFiles {
            files = Map.copyOf(files);
        }
    }

    /** Like {@link Sleep}, but a polite request to stop, such as SIGTERM, is ignored. */
    record IgnoreStop(Duration duration) implements Behaviour {}

    /** Holds this many bytes of memory, all of them written to, and succeeds if it gets them. */
    record Allocate(long bytes) implements Behaviour {}

    /**
     * A process that the workload starts takes this many bytes of memory, more than there are; the
     * workload makes nothing of its end and succeeds.
     */
    record StarveChild(long bytes) implements Behaviour {}

    /**
     * A {@linkplain dev.gantry.spi.Workload.Script script} with these arguments, which is at least
     * so long. The result is a JSON list of its first two arguments, of which none has quotes.
     */
    record TellArguments(int scriptBytes, List<String> arguments) implements Behaviour {
        public TellArguments {
            arguments = List.copyOf(arguments);
        }
    }

    /** Keeps one CPU busy for this long by the clock; the result is the CPU time it got, in ms. */
    record Burn(Duration duration) implements Behaviour {}

    /**
     * Holds this many bytes of memory from its beginning to its end, all of them written to, keeps
     * one CPU busy for a time by the clock, and then waits, until it has lasted for the duration.
     * The result is the CPU time it got, in ms.
     */
    record Work(Duration duration, Duration busy, long bytes) implements Behaviour {}

    /**
     * The result is a JSON object of strings with all environment variables that {@link
     * dev.gantry.spi.RunnerAdapter#run} names and that have no line breaks. A backend without
     * variables gives none.
     */
    record TellContext() implements Behaviour {}
}
