package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Language;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.problem.Nearest;
import dev.gantry.spi.Quantities;
import dev.gantry.spi.RuntimeClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles function documents. */
final class FunctionCompiler {
    private static final Set<String> TAGS = Set.of("owner", "domain", "sensitivity", "lifecycle");
    private static final List<String> DECISION =
            List.of(
                    "coldStart",
                    "duration",
                    "ephemeralStorage",
                    "concurrency",
                    "checkpoint",
                    "burstCost");

    /** What is not for an adapter under {@code runtime}. */
    private static final Set<String> OWN = Set.of("class", "source", "adapters");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Check check;
    private final Values values;
    private final Registry registry;

    FunctionCompiler(Check check, Registry registry) {
        this.check = check;
        this.registry = registry;
        this.values = new Values(check);
    }

    DocumentCompiler.Compiled compile(JsonNode root) {
        check.known(
                root,
                "",
                "a function",
                Set.of(
                        "function",
                        "namespace",
                        "version",
                        "title",
                        "summary",
                        "runtime",
                        "input",
                        "output",
                        "limits",
                        "idempotent",
                        "retry",
                        "fallback",
                        "decision",
                        "tags"));
        String name = check.text(root, "", "function", "function");
        String namespace = check.text(root, "", "namespace", "function");
        String version = check.text(root, "", "version", "function");
        check.text(root, "", "title", "function");
        check.text(root, "", "summary", "function");
        check.required(root, "", "function", "the function");
        check.required(root, "", "namespace", "the function");
        check.required(root, "", "version", "the function");
        check.name(name, "/function", "function");
        check.name(namespace, "/namespace", "namespace");
        check.version(version, "/version");
        DefinitionRef ref =
                name == null || namespace == null || version == null
                        ? null
                        : new DefinitionRef(DefinitionKind.FUNCTION, namespace, name, version);
        FunctionPlan plan = ref == null ? null : plan(ref, root);
        if (ref == null) {
            plan(new DefinitionRef(DefinitionKind.FUNCTION, "", "", ""), root);
        }
        return new DocumentCompiler.Compiled(
                ref, null, check.isClean() ? plan : null, check.problems(), check.warnings());
    }

    private FunctionPlan plan(DefinitionRef ref, JsonNode root) {
        JsonNode runtime =
                check.object(
                        check.required(root, "", "runtime", "the function"),
                        "/runtime",
                        "'runtime'");
        Map<String, String> tags = tags(root);
        decision(root, tags);
        JsonNode input = check.object(root.path("input"), "/input", "'input'");
        JsonNode output = check.object(root.path("output"), "/output", "'output'");
        check.known(input, "/input", "'input'", Set.of("schema"));
        check.known(output, "/output", "'output'", Set.of("schema"));
        JsonNode retry = check.object(root.path("retry"), "/retry", "'retry'");
        RetryPolicy policy =
                retry.isMissingNode()
                        ? null
                        : check.visible.with(Set.of("error"), () -> values.retry(retry, "/retry"));
        if (!runtime.isMissingNode()) {
            check.required(runtime, "/runtime", "class", "the runtime");
        }
        FunctionPlan plan =
                new FunctionPlan(
                        ref,
                        check.choice(
                                runtime,
                                "/runtime",
                                "class",
                                RuntimeClass.PLACED,
                                RuntimeClass.CONTAINER),
                        bindings(runtime),
                        source(runtime),
                        values.schema(input, "/input"),
                        values.schema(output, "/output"),
                        resources(root),
                        check.flag(root, "", "idempotent", false),
                        policy,
                        fallback(root),
                        adapters(runtime),
                        tags);
        workloads(plan, runtime);
        return plan;
    }

    /** Each adapter looks at its own block, and those that may run the source at that. */
    private void workloads(FunctionPlan plan, JsonNode runtime) {
        plan.workloads()
                .forEach((kind, block) ->
                        registry.check(kind, block)
                                .forEach(problem ->
                                        Processes.report(
                                                problem,
                                                Check.join("/runtime", kind) + problem.pointer(),
                                                check)));
        Need need = Task.Placement.DEFAULT.need(plan);
        List<String> candidates = registry.candidates(need);
        if (candidates.isEmpty()) {
            registry.lacks(need)
                    .forEach((kind, lack) ->
                            Processes.report(
                                    lack, Check.join("/runtime", kind) + lack.pointer(), check));
        }
        if (plan.source() != null) {
            Processes.check(
                    Processes.of(runtime.path("source"), "code"),
                    candidates.stream()
                            .filter(adapter -> !plan.bindings().containsKey(adapter))
                            .toList(),
                    registry,
                    "/runtime/source",
                    "code",
                    check);
        }
    }

    /** Every block that is not Gantry's own is for the adapter of its name. */
    private Map<String, Map<String, Object>> bindings(JsonNode runtime) {
        Map<String, Map<String, Object>> bindings = new LinkedHashMap<>();
        runtime.properties()
                .forEach(block -> {
                    String kind = block.getKey();
                    if (OWN.contains(kind)) {
                        return;
                    }
                    String at = Check.join("/runtime", kind);
                    Set<String> known = new TreeSet<>(registry.adapters());
                    // A document may be meant for other installations too: a block for an adapter
                    // that is not here may have any name, but hardly one that is a typo.
                    boolean here = known.contains(kind);
                    known.addAll(OWN);
                    String hint = here ? "" : Nearest.hint(kind, known);
                    if (!hint.isEmpty() || !block.getValue().isObject()) {
                        check.report(
                                "unknown-property",
                                at,
                                "unknown property '%s' in 'runtime'%s".formatted(kind, hint),
                                "class, source, adapters, or an adapter's name with an object",
                                hint.isEmpty() ? null : hint.substring(2));
                        return;
                    }
                    bindings.put(
                            kind,
                            JSON.convertValue(
                                    block.getValue(), new TypeReference<Map<String, Object>>() {}));
                });
        return bindings;
    }

    private FunctionPlan.@Nullable Source source(JsonNode runtime) {
        String at = "/runtime/source";
        JsonNode source = check.object(runtime.path("source"), at, "'source'");
        if (source.isMissingNode()) {
            return null;
        }
        check.known(source, at, "'source'", Set.of("language", "image", "code"));
        for (String name : List.of("language", "image", "code")) {
            check.required(source, at, name, "the source");
        }
        String word = check.text(source, at, "language", "source");
        Language language = word == null ? null : Language.of(word).orElse(null);
        if (word != null && language == null) {
            check.report(
                    "invalid-value",
                    at + "/language",
                    "language '%s' is not supported%s"
                            .formatted(word, Nearest.hint(word, Language.labels())),
                    "one of " + Language.labels(),
                    null);
        }
        String image = check.text(source, at, "image", "source");
        String code = check.text(source, at, "code", "source");
        return language == null || image == null || code == null
                ? null
                : new FunctionPlan.Source(language, image, code);
    }

    private List<String> adapters(JsonNode runtime) {
        JsonNode list = check.list(runtime.path("adapters"), "/runtime/adapters", "'adapters'");
        List<String> adapters = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isTextual()) {
                check.report(
                        "wrong-type",
                        "/runtime/adapters/" + i,
                        "the adapter is %s".formatted(Check.kind(list.get(i))),
                        "the name of an adapter",
                        null);
            }
            adapters.add(list.get(i).asText());
        }
        return adapters;
    }

    private List<RuntimeClass> fallback(JsonNode root) {
        JsonNode list = check.list(root.path("fallback"), "/fallback", "'fallback'");
        List<RuntimeClass> classes = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String word = list.get(i).asText();
            boolean known = false;
            for (RuntimeClass candidate : RuntimeClass.PLACED) {
                if (candidate.label().equals(word)) {
                    classes.add(candidate);
                    known = true;
                }
            }
            if (!known) {
                check.report(
                        "invalid-value",
                        "/fallback/" + i,
                        "'%s' is no runtime class%s"
                                .formatted(
                                        word,
                                        Nearest.hint(word, Set.of("faas", "container", "job"))),
                        "faas, container or job",
                        null);
            }
        }
        return classes;
    }

    private FunctionPlan.Resources resources(JsonNode root) {
        JsonNode limits = check.object(root.path("limits"), "/limits", "'limits'");
        check.known(
                limits, "/limits", "'limits'", Set.of("cpu", "memory", "timeout", "concurrency"));
        JsonNode written = limits.path("timeout");
        Duration timeout =
                written.isMissingNode() ? null : values.fixedDuration(written, "/limits/timeout");
        return new FunctionPlan.Resources(
                quantity(limits, "cpu", Quantities::cpuMillis),
                quantity(limits, "memory", Quantities::bytes),
                timeout,
                check.count(limits, "/limits", "concurrency", 1));
    }

    private <T> @Nullable T quantity(JsonNode limits, String name, Function<String, T> parse) {
        JsonNode value = limits.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        return check.quantity(value.asText(), "/limits/" + name, name)
                ? parse.apply(value.asText())
                : null;
    }

    private Map<String, String> tags(JsonNode root) {
        JsonNode tags =
                check.object(check.required(root, "", "tags", "the function"), "/tags", "'tags'");
        Map<String, String> found = new TreeMap<>();
        for (var tag : tags.properties()) {
            String value = check.text(tags, "/tags", tag.getKey(), "tag");
            found.put(tag.getKey(), value == null ? "" : value);
        }
        if (!tags.isMissingNode()) {
            for (String name : TAGS.stream().sorted().toList()) {
                if (found.getOrDefault(name, "").isBlank() && !isMistyped(tags, name)) {
                    check.report(
                            "missing-tag",
                            "/tags",
                            "the mandatory tag '%s' is missing".formatted(name),
                            "owner, domain, sensitivity and lifecycle",
                            null);
                }
            }
        }
        return found;
    }

    private static boolean isMistyped(JsonNode tags, String name) {
        return tags.has(name) && !tags.get(name).isTextual();
    }

    /** The runtime decision record; what is still an experiment need not have decided yet. */
    private void decision(JsonNode root, Map<String, String> tags) {
        JsonNode decision = check.object(root.path("decision"), "/decision", "'decision'");
        if (decision.isMissingNode()) {
            if (!"experimental".equals(tags.get("lifecycle"))) {
                check.report(
                        "missing-decision",
                        "",
                        "the runtime decision record 'decision' is missing",
                        "an object with " + DECISION,
                        "add it, or set tags.lifecycle to experimental");
            }
            return;
        }
        check.known(decision, "/decision", "'decision'", DECISION);
        for (String name : List.of("coldStart", "duration")) {
            JsonNode value = decision.path(name);
            if (!value.isMissingNode()) {
                values.duration(value, "/decision/" + name);
            }
        }
        if (decision.path("concurrency").isNumber()) {
            check.count(decision, "/decision", "concurrency", 1);
        }
        JsonNode storage = decision.path("ephemeralStorage");
        if (storage.isNumber() && storage.decimalValue().signum() < 0) {
            check.report(
                    "invalid-value",
                    "/decision/ephemeralStorage",
                    "'ephemeralStorage' is %s".formatted(storage),
                    "0 or more",
                    null);
        }
        for (String name : DECISION) {
            check.required(decision, "/decision", name, "the decision record");
        }
    }
}
