package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.LogSink.Stream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a workload prints. Several are printed one after another. */
@JsonClassDescription("an entry of logs")
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

    @JsonCreator
    static LogScript parse(String text) {
        return new Text(Stream.STDOUT, Template.Text.of(text), 1, Duration.ZERO);
    }

    @JsonCreator
    static LogScript read(
            @JsonProperty("text") Template.@Nullable Text text,
            @JsonProperty("flood") @Nullable Long flood,
            @JsonProperty("stream") @Nullable Stream stream,
            @JsonProperty("repeat") @Nullable Integer times,
            @JsonProperty("every") @Nullable Duration every) {
        Stream on = stream == null ? Stream.STDOUT : stream;
        Duration pause = every == null ? Duration.ZERO : every;
        if (text != null && flood == null) {
            return checked(new Text(on, text, times == null ? 1 : times, pause));
        }
        if (text == null && flood != null) {
            return checked(new Flood(on, flood, pause));
        }
        throw new IllegalArgumentException("an entry of logs has either 'text' or 'flood'");
    }

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
