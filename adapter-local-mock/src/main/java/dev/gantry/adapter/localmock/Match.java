package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
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
 * @param chance the share of attempts that match
 */
@JsonClassDescription("when")
record Match(
        @Nullable Glob function,
        @Nullable Glob version,
        @Nullable Glob image,
        @Nullable Glob task,
        @Nullable Glob iteration,
        AttemptRange attempts,
        @Nullable RuntimeClass runtimeClass,
        Chance chance) {

    static final Match ALL =
            new Match(null, null, null, null, null, AttemptRange.ALL, null, new Chance(1));

    @JsonCreator
    static Match read(
            @JsonProperty("function") @Nullable Glob function,
            @JsonProperty("version") @Nullable Glob version,
            @JsonProperty("image") @Nullable Glob image,
            @JsonProperty("task") @Nullable Glob task,
            @JsonProperty("iteration") @Nullable Glob iteration,
            @JsonProperty("attempt") @Nullable AttemptRange attempts,
            @JsonProperty("class") @Nullable RuntimeClass runtimeClass,
            @JsonProperty("chance") @Nullable Chance chance) {
        return new Match(
                function,
                version,
                image,
                task,
                iteration,
                attempts == null ? ALL.attempts : attempts,
                runtimeClass,
                chance == null ? ALL.chance : chance);
    }

    /**
     * @param share 0 to 1
     */
    record Chance(double share) {
        Chance {
            if (share < 0 || share > 1) {
                throw new IllegalArgumentException(
                        "chance is %s, 0 to 1 expected".formatted(share));
            }
        }

        static Chance parse(String text) {
            if (!text.matches("\\d(\\.\\d{1,15})?")) {
                throw new IllegalArgumentException(
                        "'%s' is not a number from 0 to 1".formatted(text));
            }
            return new Chance(Double.parseDouble(text));
        }
    }

    /**
     * @param salt the rule's place, so that rules draw independently
     */
    boolean accepts(Attempt attempt, long seed, int salt) {
        StepContext context = attempt.context();
        return attempts.contains(context.attempt())
                && (runtimeClass == null || runtimeClass == attempt.runtimeClass())
                && accepts(attempt.workload())
                && (task == null || task.matches(context.taskPointer()))
                && (iteration == null || iteration.matches(context.iteration()))
                && (chance.share >= 1 || Draw.fraction(seed, salt, context) < chance.share);
    }

    private boolean accepts(Workload workload) {
        return switch (workload) {
            case Workload.Function it -> accepts(it.name(), it.version(), "");
            case Workload.Call it -> accepts(it.protocol(), "", "");
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
