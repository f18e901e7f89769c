package dev.gantry.spi;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * One try of one step, as {@link RunnerAdapter#provision} gets it.
 *
 * @param context who runs what
 * @param externalName the name that the backend resource must carry: the same for every attempt of
 *     the step, unique per installation, 1 to 52 characters of {@code [a-z0-9-]}, first a letter,
 *     so that it is a valid DNS label with room for a suffix
 * @param runtimeClass the class that the step asked for
 * @param workload what to run
 * @param input the step's input, JSON in UTF-8
 * @param limits what it may use
 * @param secrets texts in workload and input that nobody may see: Gantry hides them in what the
 *     adapter gives back; an adapter hides them in what it shows elsewhere
 */
public record Attempt(
        StepContext context,
        String externalName,
        RuntimeClass runtimeClass,
        Workload workload,
        byte[] input,
        Limits limits,
        Set<String> secrets) {
    // Once: there is an attempt for every step.
    private static final Pattern EXTERNAL_NAME = Pattern.compile("[a-z][a-z0-9-]{0,51}");

    public Attempt {
        secrets = Set.copyOf(secrets);
        if (!EXTERNAL_NAME.matcher(externalName).matches()) {
            throw new IllegalArgumentException(
                    "external name '%s' is not 1 to 52 characters of [a-z0-9-], first a letter"
                            .formatted(externalName));
        }
    }

    /** One without secrets. */
    public Attempt(
            StepContext context,
            String externalName,
            RuntimeClass runtimeClass,
            Workload workload,
            byte[] input,
            Limits limits) {
        this(context, externalName, runtimeClass, workload, input, limits, Set.of());
    }

    /** Without workload and input, which may hold secrets. */
    @Override
    public String toString() {
        return "Attempt[%s, attempt %d]".formatted(externalName, context.attempt());
    }
}
