package dev.gantry.orchestrator.runner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

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

    static KindSettings read(ConfigurableEnvironment environment, String kind) {
        Map<String, String> flat = new TreeMap<>();
        var placeholders = new PropertySourcesPlaceholdersResolver(environment);
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            Map<String, String> own = new TreeMap<>();
            if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
                variables(variables, kind, own);
            } else {
                new Binder(List.of(source), placeholders)
                        .bind("gantry.adapters." + kind, TREE)
                        .ifBound(tree -> flatten("", tree, own));
            }
            own.forEach(flat::putIfAbsent);
        }
        String enabled = flat.remove(ENABLED);
        return new KindSettings(enabled == null || Boolean.parseBoolean(enabled), flat);
    }

    /**
     * Names under {@code gantry.adapters} that have settings and are no known kind: misspelt ones.
     */
    static Set<String> unknown(ConfigurableEnvironment environment, Collection<String> kinds) {
        Set<String> unknown = new TreeSet<>();
        Binder.get(environment)
                .bind("gantry.adapters", TREE)
                .ifBound(tree ->
                        tree.forEach((name, value) -> {
                            if (value instanceof Map) {
                                unknown.add(name);
                            }
                        }));
        // Variables of the environment have no dashes.
        kinds.forEach(kind ->
                unknown.removeIf(name -> name.equals(kind) || name.equals(kind.replace("-", ""))));
        return unknown;
    }

    boolean enabled() {
        return enabled;
    }

    /** Kebab-case keys, a dot between levels; a list is one value with commas. */
    Map<String, String> flat() {
        return flat;
    }

    /**
     * {@code GANTRY_ADAPTERS_LOCALMOCK_MAX_IN_FLIGHT} sets {@code max-in-flight}: Spring would
     * leave the underscores between words out, and take these for levels.
     */
    private static void variables(
            SystemEnvironmentPropertySource source, String kind, Map<String, String> flat) {
        String prefix =
                "GANTRY_ADAPTERS_%s_".formatted(kind.replace("-", "").toUpperCase(Locale.ROOT));
        source.getSource()
                .forEach((name, value) -> {
                    if (name.startsWith(prefix) && name.length() > prefix.length()) {
                        flat.put(kebab(name.substring(prefix.length())), value.toString());
                    }
                });
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
