package dev.gantry.adapter.lambda;

import dev.gantry.spi.StoredInput;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A function's block for Lambda: what it means, and everything that is wrong with its form. */
final class Binding {
    static final String TENANT = "{tenant}";
    private static final Set<String> KEYS =
            Set.of(
                    "functionName",
                    "qualifier",
                    "mode",
                    "role",
                    "tenantId",
                    "ids",
                    "largeInput",
                    "timeoutSeconds",
                    "managedInstances",
                    DeployBlock.KEY);

    /** Lambda's own, of any function. */
    static final int MAX_TIMEOUT_SECONDS = 900;

    /** On Managed Instances, of events. */
    static final int MAX_MANAGED_TIMEOUT_SECONDS = 5_400;

    private static final Pattern NAME =
            Pattern.compile(
                    "[a-zA-Z0-9_-]{1,64}|arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]{1,64}");
    private static final Pattern QUALIFIER = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final Pattern ROLE =
            Pattern.compile("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/{}-]{1,512}");

    private final Workload.Function function;
    private final Map<String, Object> block;
    private final List<WorkloadProblem> problems;
    private final @Nullable Target target;

    Binding(Workload.Function function) {
        this.function = function;
        this.block = function.binding();
        this.problems =
                new ArrayList<>(WorkloadProblem.unknownKeys(block, "", "the lambda block", KEYS));
        this.target = read();
    }

    /** The mode alone: what a function promises can be asked of any block, also of a wrong one. */
    static Optional<Mode> mode(Workload.Function function) {
        Object written = function.binding().getOrDefault("mode", Mode.SYNC.label());
        return List.of(Mode.values()).stream()
                .filter(mode -> mode.label().equals(written))
                .findFirst();
    }

    List<WorkloadProblem> problems() {
        return problems;
    }

    /** What is meant; only of a block without problems. */
    Optional<Target> target() {
        return problems.isEmpty() ? Optional.ofNullable(target) : Optional.empty();
    }

    private @Nullable Target read() {
        Mode mode = choice("mode", Mode.labels()).flatMap(_ -> mode(function)).orElse(Mode.SYNC);
        boolean managed = flag("managedInstances");
        boolean isIsolated = isIsolated();
        String role = role();
        Ids.Place ids =
                choice("ids", Ids.Place.labels(mode))
                        .flatMap(Ids.Place::of)
                        .orElse(Ids.Place.of(mode));
        boolean takesReference = choice("largeInput", List.of(StoredInput.REFERENCE)).isPresent();
        if (DeployBlock.isWanted(function)) {
            refuseBesideDeploy(mode, managed, isIsolated);
            Deployment.Shape shape = DeployBlock.read(function, problems);
            Duration limit = limit(MAX_TIMEOUT_SECONDS, DeployBlock.USUAL_TIMEOUT_SECONDS);
            return new Target(
                    function.name(),
                    function.version(),
                    mode,
                    role,
                    false,
                    ids,
                    takesReference,
                    limit,
                    false,
                    shape);
        }
        int most =
                managed && mode == Mode.ASYNC ? MAX_MANAGED_TIMEOUT_SECONDS : MAX_TIMEOUT_SECONDS;
        Duration limit = limit(most, most);
        String name =
                required(
                        "functionName",
                        NAME,
                        "a function's name, or its ARN without a version; the version goes into 'qualifier'");
        String qualifier =
                required(
                        "qualifier",
                        QUALIFIER,
                        "the number of a published version, or the name of an alias; never $LATEST, which changes under steps that run");
        return (name == null || qualifier == null)
                ? null
                : new Target(
                        name,
                        qualifier,
                        mode,
                        role,
                        isIsolated,
                        ids,
                        takesReference,
                        limit,
                        managed,
                        null);
    }

    private @Nullable String role() {
        String role = text("role");
        if (role != null && !ROLE.matcher(role).matches()) {
            wrong("role", role, "a role's ARN");
        }
        return role;
    }

    private boolean isIsolated() {
        String tenantId = text("tenantId");
        if (tenantId != null && !tenantId.equals(TENANT)) {
            wrong(
                    "tenantId",
                    tenantId,
                    "'%s', as no tenant may run in another's environments".formatted(TENANT));
        }
        return tenantId != null;
    }

    /** What is deployed by Gantry is named by it, and is its tenant's own. */
    private void refuseBesideDeploy(Mode mode, boolean managed, boolean isIsolated) {
        for (String key : List.of("functionName", "qualifier")) {
            if (block.containsKey(key)) {
                wrong(key, String.valueOf(block.get(key)), "nothing, as Gantry deploys it itself");
            }
        }
        if (mode == Mode.DURABLE) {
            wrong("mode", mode.label(), "sync or async, as Gantry deploys one file and no library");
        }
        if (managed) {
            wrong("managedInstances", "true", "nothing, as Gantry deploys to none");
        }
        if (isIsolated) {
            wrong("tenantId", TENANT, "nothing, as the function is its tenant's own");
        }
    }

    private boolean flag(String key) {
        Object value = block.getOrDefault(key, false);
        if (!(value instanceof Boolean)) {
            wrong(key, String.valueOf(value), "true or false");
        }
        return Boolean.TRUE.equals(value);
    }

    private Duration limit(int most, int otherwise) {
        Object value = block.getOrDefault("timeoutSeconds", otherwise);
        if (value instanceof Integer seconds && seconds >= 1 && seconds <= most) {
            return Duration.ofSeconds(seconds);
        }
        wrong(
                "timeoutSeconds",
                String.valueOf(value),
                "a number from 1 to %d, and to %d with managedInstances: true and mode: async"
                        .formatted(MAX_TIMEOUT_SECONDS, MAX_MANAGED_TIMEOUT_SECONDS));
        return Duration.ofSeconds(most);
    }

    private @Nullable String required(String key, Pattern form, String expected) {
        String value = text(key);
        if (value != null && !form.matcher(value).matches()) {
            wrong(key, value, expected);
        }
        Set<String> meant =
                Set.of(
                        "did you mean '%s'?".formatted(key),
                        "did you mean '%s'?".formatted(DeployBlock.KEY));
        boolean misspelt =
                problems.stream()
                        .map(WorkloadProblem::suggestion)
                        .filter(Objects::nonNull)
                        .anyMatch(meant::contains);
        if (!block.containsKey(key) && !misspelt) {
            problems.add(
                    new WorkloadProblem(
                            "",
                            "function %s has no %s for lambda".formatted(function.name(), key),
                            "'%s': %s".formatted(key, expected),
                            "add runtime.lambda." + key));
        }
        return value;
    }

    private Optional<String> choice(String key, List<String> known) {
        String written = text(key);
        if (written == null) {
            return Optional.empty();
        }
        if (!known.contains(written)) {
            problems.add(
                    new WorkloadProblem(
                            "/" + key,
                            "%s is '%s'".formatted(key, written),
                            "one of " + known,
                            WorkloadProblem.nearest(written, known)
                                    .map("did you mean '%s'?"::formatted)
                                    .orElse(null)));
            return Optional.empty();
        }
        return Optional.of(written);
    }

    /** A version is a number in YAML. */
    private @Nullable String text(String key) {
        Object value = block.get(key);
        if (value instanceof Map || value instanceof List) {
            wrong(key, value instanceof Map ? "an object" : "a list", "text");
            return null;
        }
        return value == null ? null : value.toString();
    }

    private void wrong(String key, String value, String expected) {
        problems.add(
                new WorkloadProblem(
                        "/" + key, "'%s' is '%s'".formatted(key, value), expected, null));
    }
}
