package dev.gantry.adapter.localmock;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Outcome.ProcessResult;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a workload ends if nothing stops it. */
sealed interface Ending {
    /**
     * The result is the input; a process that is asked for its streams tells how it was started.
     */
    record Echo() implements Ending {}

    record Result(Template json) implements Ending {}

    /** The result is one JSON string of the letter x with this many bytes, quotes included. */
    record Sized(int bytes) implements Ending {}

    record Computed(Function<Attempt, byte[]> json) implements Ending {}

    record Exit(int code, Template.Text stdout, Template.Text stderr) implements Ending {}

    record Error(Failure failure, @Nullable ProcessResult process) implements Ending {}
}
