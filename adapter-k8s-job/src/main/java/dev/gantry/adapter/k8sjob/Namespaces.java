package dev.gantry.adapter.k8sjob;

import dev.gantry.process.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which tenant's steps run in which namespace.
 *
 * @param pattern a name, in which {@code {tenant}} stands for the tenant
 * @param tenants those that have another one
 */
record Namespaces(String pattern, Map<String, String> tenants) {
    private static final String TENANT = "{tenant}";
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    static Namespaces of(Settings settings) {
        String pattern = settings.text("namespace", "default");
        if (!isName(pattern.replace(TENANT, "t"))) {
            throw settings.wrong(
                    "namespace", "a namespace's name, such as gantry or gantry-" + TENANT);
        }
        Map<String, String> tenants = new TreeMap<>();
        for (String item : settings.list("tenant-namespaces", "")) {
            String[] pair = item.split("=", 2);
            if (pair.length < 2 || !isName(pair[1])) {
                throw settings.wrong(
                        "tenant-namespaces", "tenant=namespace, with commas between them");
            }
            tenants.put(pair[0], pair[1]);
        }
        return new Namespaces(pattern, tenants);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    String of(String tenant) {
        String own = tenants.get(tenant);
        return own == null ? pattern.replace(TENANT, tenant) : own;
    }

    /** Those that can be named; empty if there is one for every tenant, whoever that may be. */
    List<String> all() {
        if (pattern.contains(TENANT)) {
            return List.of();
        }
        TreeSet<String> all = new TreeSet<>(tenants.values());
        all.add(pattern);
        return List.copyOf(all);
    }
}
