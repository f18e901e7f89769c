package dev.gantry.spi;

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
 */
public record Attempt(
        StepContext context,
        String externalName,
        RuntimeClass runtimeClass,
        Workload workload,
        byte[] input,
        Limits limits) {
    public Attempt {
        if (!externalName.matches("[a-z][a-z0-9-]{0,51}")) {
            throw new IllegalArgumentException(
                    "external name '%s' is not 1 to 52 characters of [a-z0-9-], first a letter"
                            .formatted(externalName));
        }
    }
}
