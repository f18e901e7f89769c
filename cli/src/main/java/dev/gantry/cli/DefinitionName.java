package dev.gantry.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person calls a definition: {@code NAMESPACE/NAME[:VERSION]}.
 *
 * @param version null for the latest
 */
record DefinitionName(String namespace, String name, @Nullable String version) {
    private static final Pattern FORM = Pattern.compile("([^/:\\s]+)/([^/:\\s]+)(?::([^/:\\s]+))?");

    static DefinitionName parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException(
                    "'%s' names no definition; expected is NAMESPACE/NAME or NAMESPACE/NAME:VERSION"
                            .formatted(text));
        }
        return new DefinitionName(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    ObjectNode json(boolean isFunction) {
        ObjectNode json =
                Json.object()
                        .put("kind", isFunction ? "function" : "workflow")
                        .put("namespace", namespace)
                        .put("name", name);
        return version == null || version.equals("latest") ? json : json.put("version", version);
    }

    @Override
    public String toString() {
        return namespace + "/" + name + (version == null ? "" : ":" + version);
    }
}
