package dev.gantry.orchestrator.definition.document;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** What a text without quotes is, by the core schema of YAML 1.2. The library's own is 1.1. */
final class CoreSchema extends Resolver {
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern INT = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern NOT_FINITE =
            Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    @Override
    protected void addImplicitResolvers() {
        // Those of 1.1 are left out; resolve() needs no table.
    }

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
        if (kind != NodeId.scalar || !implicit) {
            return super.resolve(kind, value, implicit);
        }
        char first = value.isEmpty() ? '~' : value.charAt(0);
        if ("~nNtTfF+-.0123456789".indexOf(first) < 0) {
            return Tag.STR;
        }
        if (isNull(value)) {
            return Tag.NULL;
        }
        if (isTruth(value)) {
            return Tag.BOOL;
        }
        if (isWhole(value)) {
            return Tag.INT;
        }
        return isNumber(value) || isNotFinite(value) ? Tag.FLOAT : Tag.STR;
    }

    static boolean isNull(String text) {
        return NULL.matcher(text).matches();
    }

    static boolean isTruth(String text) {
        return BOOL.matcher(text).matches();
    }

    static boolean isWhole(String text) {
        return INT.matcher(text).matches();
    }

    static boolean isNumber(String text) {
        return isWhole(text) || FLOAT.matcher(text).matches();
    }

    static boolean isNotFinite(String text) {
        return NOT_FINITE.matcher(text).matches();
    }
}
