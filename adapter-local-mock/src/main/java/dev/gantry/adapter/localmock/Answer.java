package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.spi.Outcome.Usage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the mock does with an attempt.
 *
 * @param usage what the workload used, or null for the time that it took
 */
@JsonClassDescription("the block")
record Answer(
        Ending ending,
        Spread latency,
        List<LogScript> logs,
        List<FileScript> files,
        @Nullable Usage usage,
        Faults faults) {

    /** At once, with the input as the result. */
    static final Answer DEFAULT =
            new Answer(new Ending.Echo(), Spread.NONE, List.of(), List.of(), null, Faults.NONE);

    Answer {
        logs = List.copyOf(logs);
        files = List.copyOf(files);
    }

    @JsonCreator
    static Answer read(
            @JsonProperty("result") @Nullable Template result,
            @JsonProperty("resultSize") Ending.@Nullable Sized resultSize,
            @JsonProperty("error") Ending.@Nullable Error error,
            @JsonProperty("process") Ending.@Nullable Exit process,
            @JsonProperty("latency") @Nullable Spread latency,
            @JsonProperty("logs") @Nullable List<@Nullable LogScript> logs,
            @JsonProperty("artifacts") @Nullable List<@Nullable FileScript> files,
            @JsonProperty("usage") @Nullable UsageKeys usage,
            @JsonProperty("faults") @Nullable Faults faults) {
        return new Answer(
                ending(
                        result == null ? null : new Ending.Result(result),
                        resultSize,
                        error,
                        process),
                latency == null ? Spread.NONE : latency,
                present(logs),
                present(files),
                usage == null ? null : usage.usage(),
                faults == null ? Faults.NONE : faults);
    }

    private static Ending ending(
            Ending.@Nullable Result result,
            Ending.@Nullable Sized size,
            Ending.@Nullable Error error,
            Ending.@Nullable Exit exit) {
        List<Ending> given = present(Arrays.asList(result, size, error, exit));
        if (given.size() > 1) {
            throw new IllegalArgumentException(
                    "a step ends in one way, but %s are given"
                            .formatted(
                                    given.stream()
                                            .map(Answer::key)
                                            .collect(Collectors.joining(" and "))));
        }
        return given.isEmpty() ? new Ending.Echo() : given.getFirst();
    }

    private static String key(Ending ending) {
        return switch (ending) {
            case Ending.Result _, Ending.Computed _, Ending.Echo _ -> "result";
            case Ending.Sized _ -> "resultSize";
            case Ending.Error _ -> "error";
            case Ending.Exit _ -> "process";
        };
    }

    /** Without those that were wrong. */
    static <T> List<T> present(@Nullable List<@Nullable T> items) {
        return items == null ? List.of() : items.stream().filter(Objects::nonNull).toList();
    }

    @JsonClassDescription("usage")
    record UsageKeys(@Nullable Duration wall, @Nullable Duration cpu, @Nullable Long memory) {
        Usage usage() {
            return new Usage(
                    wall == null ? null : wall.toMillis(),
                    cpu == null ? null : cpu.toMillis(),
                    memory,
                    null,
                    null,
                    Map.of());
        }
    }

    /** Whether the workload ends in the call that begins it, and leaves no trace. */
    boolean isImmediate() {
        return latency.isNone()
                && logs.isEmpty()
                && faults.spareTheRun()
                && !(ending instanceof Ending.Exit);
    }
}
