package dev.gantry.process;

import dev.gantry.spi.WorkloadProblem;
import java.util.List;

/**
 * Which images may run.
 *
 * @param allowed patterns, see {@link ImageName#matches}; {@code {tenant}} stands for the tenant
 * @param setting that has the patterns, for messages
 */
public record ImagePolicy(List<String> allowed, String setting) {
    public ImagePolicy {
        allowed = List.copyOf(allowed);
    }

    /** From the setting {@code allowed-images}; all, where it is not there. */
    public static ImagePolicy of(Settings settings) {
        return new ImagePolicy(
                settings.list("allowed-images", "*"), settings.prefix() + ".allowed-images");
    }

    /** Nothing is said of an image that is known only when the step runs, or is no image. */
    public List<WorkloadProblem> violations(String tenant, String image) {
        List<String> patterns = forTenant(allowed, tenant);
        boolean matches =
                ImageName.of(image)
                        .map(name -> patterns.stream().anyMatch(name::matches))
                        .orElse(true);
        return matches
                ? List.of()
                : List.of(
                        new WorkloadProblem(
                                "/image",
                                "image '%s' is not allowed by this Gantry".formatted(image),
                                "one of " + patterns,
                                "have it added to " + setting));
    }

    /** What patterns, or names, of a setting mean for one tenant. */
    public static List<String> forTenant(List<String> patterns, String tenant) {
        return patterns.stream().map(pattern -> pattern.replace("{tenant}", tenant)).toList();
    }

    /** The name under which a backend is asked: where names are limited, never an image's id. */
    public String asked(String image) {
        return allowed.contains("*")
                ? image
                : ImageName.of(image).map(ImageName::toString).orElse(image);
    }
}
