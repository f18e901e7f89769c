package dev.gantry.adapter.localmock;

import dev.gantry.spi.LogSink.Stream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a workload prints. Several are printed one after another. */
sealed interface LogScript {
    Stream stream();

    /** The pause between two repetitions, or two lines; zero for all at once. */
    Duration every();

    /**
     * @param times how often the text is printed
     */
    record Text(Stream stream, Template.Text text, int times, Duration every)
            implements LogScript {}

    /** Numbered {@link Lines}, cut at the size. */
    record Flood(Stream stream, long bytes, Duration every) implements LogScript {}

    static LogScript checked(LogScript script) {
        @Nullable String problem =
                switch (script) {
                    case Text it when it.times() < 0 -> "repeat is %d".formatted(it.times());
                    case Flood it when it.bytes() < 0 -> "flood is %d bytes".formatted(it.bytes());
                    default -> script.every().isNegative() ? "every is negative" : null;
                };
        if (problem != null) {
            throw new IllegalArgumentException(problem + ", at least 0 expected");
        }
        return script;
    }
}
