package dev.gantry.adapter.lambda;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A function's block for Lambda: what it means, and everything that is wrong with its form. */
final class Binding {
    static final String TENANT = "{tenant}";
    private static final Set<String> KEYS =
            Set.of("functionName", "qualifier", "mode", "role", "tenantId", "ids");
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
        String role = text("role");
        if (role != null && !ROLE.matcher(role).matches()) {
            wrong("role", role, "a role's ARN");
        }
        String tenantId = text("tenantId");
        if (tenantId != null && !tenantId.equals(TENANT)) {
            wrong(
                    "tenantId",
                    tenantId,
                    "'%s', as no tenant may run in another's environments".formatted(TENANT));
        }
        Mode mode = choice("mode", Mode.labels()).flatMap(_ -> mode(function)).orElse(Mode.SYNC);
        Ids.Place ids =
                choice("ids", Ids.Place.labels(mode))
                        .flatMap(Ids.Place::of)
                        .orElse(Ids.Place.of(mode));
        return (name == null || qualifier == null)
                ? null
                : new Target(name, qualifier, mode, role, tenantId != null, ids);
    }

    private @Nullable String required(String key, Pattern form, String expected) {
        String value = text(key);
        if (value != null && !form.matcher(value).matches()) {
            wrong(key, value, expected);
        }
        String meant = "did you mean '%s'?".formatted(key);
        boolean misspelt = problems.stream().anyMatch(it -> meant.equals(it.suggestion()));
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
