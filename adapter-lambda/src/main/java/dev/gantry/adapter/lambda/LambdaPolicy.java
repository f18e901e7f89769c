package dev.gantry.adapter.lambda;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which functions tenants may call, and with which roles. Nothing is allowed that no setting names.
 */
final class LambdaPolicy {
    private static final WorkloadProblem NO_DEPLOYMENT =
            new WorkloadProblem(
                    "/" + DeployBlock.KEY,
                    "this Gantry deploys no functions to Lambda",
                    "the name of a function that is deployed already",
                    "have gantry.adapters.lambda.deploy-role set");

    private final LambdaSettings settings;
    private final boolean keepsInputs;

    /**
     * @param keepsInputs whether there is a place for inputs that no event carries
     */
    LambdaPolicy(LambdaSettings settings, boolean keepsInputs) {
        this.settings = settings;
        this.keepsInputs = keepsInputs;
    }

    /** What the target asks for and the tenant may not have. */
    List<WorkloadProblem> violations(String tenant, Target target) {
        List<WorkloadProblem> violations = new ArrayList<>();
        if (target.shape() == null
                && !matches(tenant, settings.allowedFunctions(), target.functionName())) {
            violations.add(
                    new WorkloadProblem(
                            "/functionName",
                            "function '%s' is not allowed by this Gantry"
                                    .formatted(target.functionName()),
                            "one of " + of(tenant, settings.allowedFunctions()),
                            "have it added to gantry.adapters.lambda.allowed-functions"));
        }
        String role = target.role();
        if (role != null && !matches(tenant, settings.allowedRoles(), resolved(role, tenant))) {
            violations.add(
                    new WorkloadProblem(
                            "/role",
                            "role '%s' is not allowed by this Gantry".formatted(role),
                            "one of " + of(tenant, settings.allowedRoles()),
                            "remove 'role', or have it added to gantry.adapters.lambda.allowed-roles"));
        }
        String region = settings.region();
        if (region != null
                && target.functionName().startsWith("arn:")
                && !target.functionName().contains(":lambda:" + region + ":")) {
            violations.add(
                    new WorkloadProblem(
                            "/functionName",
                            "function '%s' is in another region".formatted(target.functionName()),
                            "a function in " + region,
                            null));
        }
        if (target.takesReference() && !keepsInputs) {
            violations.add(
                    new WorkloadProblem(
                            "/largeInput",
                            "this Gantry has no place for large inputs",
                            "a blob store in its settings",
                            "remove 'largeInput', or have gantry.blobs.bucket set"));
        }
        return violations;
    }

    /** What is to be deployed is nobody's to run where there is no role for it. */
    Optional<WorkloadProblem> lack(Workload.Function function) {
        return settings.deployRole() == null && DeployBlock.isWanted(function)
                ? Optional.of(NO_DEPLOYMENT)
                : Optional.empty();
    }

    /** Whether the function may run on instances of this provider, by the provider's name. */
    boolean allowsProvider(String tenant, String arn) {
        return matches(
                tenant,
                settings.allowedCapacityProviders(),
                arn.substring(arn.lastIndexOf(':') + 1));
    }

    /** The role that a deployed function has. */
    String deployRole(String tenant) {
        return resolved(
                Objects.requireNonNull(settings.deployRole(), "what may be deployed has a role"),
                tenant);
    }

    /** The role that a call has: the function's own, else the platform's for the tenant. */
    @Nullable String role(String tenant, Target target) {
        String role = target.role() == null ? settings.role() : target.role();
        return role == null ? null : resolved(role, tenant);
    }

    private static boolean matches(String tenant, List<String> patterns, String value) {
        return of(tenant, patterns).stream()
                .anyMatch(pattern -> glob(pattern).matcher(value).matches());
    }

    private static List<String> of(String tenant, List<String> patterns) {
        return patterns.stream().map(pattern -> resolved(pattern, tenant)).toList();
    }

    private static String resolved(String pattern, String tenant) {
        return pattern.replace(Binding.TENANT, tenant);
    }

    private static Pattern glob(String pattern) {
        return Pattern.compile(
                Stream.of(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }
}
