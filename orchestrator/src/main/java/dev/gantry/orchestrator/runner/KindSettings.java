package dev.gantry.orchestrator.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/** Reads the settings of one adapter, whatever they are: only the adapter knows their names. */
final class KindSettings {
    private static final String ENABLED = "enabled";
    private static final Bindable<Map<String, Object>> TREE =
            Bindable.mapOf(String.class, Object.class);
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private final boolean enabled;
    private final Map<String, String> flat;

    private KindSettings(boolean enabled, Map<String, String> flat) {
        this.enabled = enabled;
        this.flat = flat;
    }

    static KindSettings read(Binder binder, String kind) {
        Map<String, String> flat = new TreeMap<>();
        binder.bind("gantry.adapters." + kind, TREE).ifBound(tree -> flatten("", tree, flat));
        String enabled = flat.remove(ENABLED);
        return new KindSettings(enabled == null || Boolean.parseBoolean(enabled), flat);
    }

    boolean enabled() {
        return enabled;
    }

    /** Kebab-case keys, a dot between levels; a list is one value with commas. */
    Map<String, String> flat() {
        return flat;
    }

    private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> flat) {
        tree.forEach((key, value) -> {
            String name = prefix + kebab(String.valueOf(key));
            if (value instanceof Map<?, ?> below) {
                List<String> list = list(below);
                if (list.isEmpty()) {
                    flatten(name + ".", below, flat);
                } else {
                    flat.put(name, String.join(",", list));
                }
            } else if (value instanceof Iterable<?> values) {
                List<String> list = new ArrayList<>();
                values.forEach(element -> list.add(String.valueOf(element)));
                flat.put(name, String.join(",", list));
            } else {
                flat.put(name, String.valueOf(value));
            }
        });
    }

    /** The elements, if the keys are 0, 1, 2 ...: so the binder shows a list whose type is open. */
    private static List<String> list(Map<?, ?> tree) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < tree.size(); i++) {
            Object element = tree.get(Integer.toString(i));
            if (element == null || element instanceof Map) {
                return List.of();
            }
            list.add(element.toString());
        }
        return list;
    }

    private static String kebab(String key) {
        return HUMP.matcher(key).replaceAll("-").replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
