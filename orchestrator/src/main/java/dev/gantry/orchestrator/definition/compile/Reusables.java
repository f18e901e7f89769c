package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.problem.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a document defines under {@code use}, to be named elsewhere in it. */
final class Reusables {
    private static final Set<String> SUPPORTED =
            Set.of("authentications", "catalogs", "errors", "functions", "retries", "timeouts");

    private static final Pattern SECRET = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    private final JsonNode use;
    private final String namespace;
    private final boolean isMisspelt;

    private Reusables(JsonNode document, JsonNode use) {
        this.use = use;
        this.namespace = document.path("document").path("namespace").asText();
        this.isMisspelt =
                !use.isObject() && (document.has("use") || isAlmost(document, Set.of("use")));
    }

    private static boolean isAlmost(JsonNode object, Set<String> names) {
        return object.properties().stream()
                .anyMatch(property -> !Nearest.hint(property.getKey(), names).isEmpty());
    }

    /**
     * Whether something else is wrong with these definitions, so that what they do not have may
     * still be meant to be there.
     */
    boolean isUnreadable(String kind) {
        JsonNode components = use.path(kind);
        return isMisspelt
                || (components.isMissingNode()
                        ? isAlmost(use, Set.of(kind))
                        : !components.isObject());
    }

    /** The document's own, for references that name none. */
    String namespace() {
        return namespace;
    }

    static Reusables of(JsonNode document, Check check) {
        JsonNode use = check.object(document.path("use"), "/use", "'use'");
        List<String> known = new ArrayList<>(SUPPORTED);
        known.add("secrets");
        known.add("extensions");
        check.known(use, "/use", "'use'", known);
        for (String name : SUPPORTED) {
            JsonNode components =
                    check.object(use.path(name), "/use/" + name, "'use.%s'".formatted(name));
            for (var component : components.properties()) {
                check.object(
                        component.getValue(),
                        Check.join("/use/" + name, component.getKey()),
                        "'%s'".formatted(component.getKey()));
            }
        }
        secrets(use, check);
        return new Reusables(document, use);
    }

    private static void secrets(JsonNode use, Check check) {
        JsonNode list = check.list(use.path("secrets"), "/use/secrets", "'use.secrets'");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String name = list.get(i).asText();
            if (!list.get(i).isTextual() || !SECRET.matcher(name).matches()) {
                check.report(
                        "invalid-name",
                        "/use/secrets/" + i,
                        "'%s' is no name of a secret".formatted(name),
                        "1 to 100 letters, digits, '_', '-' and '.', the first a letter",
                        null);
            }
            names.add(name);
        }
        check.visible.declare(names);
    }

    /** The component, or null after reporting that there is none. */
    @Nullable JsonNode find(String kind, String name, String pointer, Check check) {
        JsonNode found = use.path(kind).path(name);
        if (found.isObject()) {
            return found;
        }
        if (isUnreadable(kind) || !found.isMissingNode()) {
            return null; // Reported where it is defined.
        }
        List<String> names = new ArrayList<>();
        use.path(kind).fieldNames().forEachRemaining(names::add);
        String hint = Nearest.hint(name, names);
        check.report(
                "unknown-reference",
                pointer,
                "'%s' is not defined under use.%s%s".formatted(name, kind, hint),
                names.isEmpty() ? "a definition under use." + kind : "one of " + Check.some(names),
                hint.isEmpty() ? null : hint.substring(2));
        return null;
    }

    /** Every component of the kind that is an object; others are reported. */
    void each(String kind, BiConsumer<String, JsonNode> look) {
        use.path(kind)
                .properties()
                .forEach(component -> {
                    if (component.getValue().isObject()) {
                        look.accept(component.getKey(), component.getValue());
                    }
                });
    }

    JsonNode extensions() {
        return use.path("extensions");
    }

    boolean has(String kind, String name) {
        return use.path(kind).has(name);
    }
}
