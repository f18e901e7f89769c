package dev.gantry.adapter.localmock;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Which attempts a rule is for; what is null matches everything.
 *
 * @param function {@code namespace/name} of a function, or the name of a process
 * @param version of the function
 * @param image of a process
 * @param task JSON Pointer of the task
 * @param iteration loop position
 * @param firstAttempt the first attempt that matches, from 1
 * @param lastAttempt the last one
 * @param chance the share of attempts that match, 0 to 1
 */
record Match(
        @Nullable Glob function,
        @Nullable Glob version,
        @Nullable Glob image,
        @Nullable Glob task,
        @Nullable Glob iteration,
        int firstAttempt,
        int lastAttempt,
        @Nullable RuntimeClass runtimeClass,
        double chance) {

    /**
     * @param salt the rule's place, so that rules draw independently
     */
    boolean accepts(Attempt attempt, long seed, int salt) {
        StepContext context = attempt.context();
        return context.attempt() >= firstAttempt
                && context.attempt() <= lastAttempt
                && (runtimeClass == null || runtimeClass == attempt.runtimeClass())
                && accepts(attempt.workload())
                && (task == null || task.matches(context.taskPointer()))
                && (iteration == null || iteration.matches(context.iteration()))
                && (chance >= 1 || Draw.fraction(seed, salt, context) < chance);
    }

    private boolean accepts(Workload workload) {
        return switch (workload) {
            case Workload.Function it -> accepts(it.name(), it.version(), "");
            case Workload.Process it -> {
                // A function that brought its source is called namespace/name:version.
                int colon = it.name().lastIndexOf(':');
                yield colon < 0
                        ? accepts(it.name(), "", it.image())
                        : accepts(
                                it.name().substring(0, colon),
                                it.name().substring(colon + 1),
                                it.image());
            }
        };
    }

    private boolean accepts(String name, String itsVersion, String itsImage) {
        return (function == null || function.matches(name))
                && (version == null || version.matches(itsVersion))
                && (image == null || image.matches(itsImage));
    }
}
