package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.RuntimeClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which adapters may take a step, and in which order. The operator's configuration is the bound:
 * what a function or a task asks for chooses among the adapters of the policy, and adds none.
 */
final class PlacementPolicy {
    private final Map<RuntimeClass, List<String>> classes = new EnumMap<>(RuntimeClass.class);
    private final Map<String, Map<RuntimeClass, List<String>>> tenants = new HashMap<>();

    /**
     * @param adapters all that can be placed, with what they can do
     * @param unreal whether adapters that are used only when named may stand in for missing ones
     * @throws StartRefused if the configuration names what is not there
     */
    PlacementPolicy(
            PlacementSettings settings, Map<String, Capabilities> adapters, boolean unreal) {
        settings.classes()
                .keySet()
                .forEach(named -> requirePlaced("gantry.placement.classes", named));
        for (RuntimeClass runtimeClass : RuntimeClass.PLACED) {
            List<String> order = settings.classes().get(runtimeClass);
            classes.put(
                    runtimeClass,
                    order == null
                            ? defaultOrder(runtimeClass, settings.onlyWhenNamed(), adapters, unreal)
                            : checked(
                                    "gantry.placement.classes." + runtimeClass.label(),
                                    runtimeClass,
                                    order,
                                    adapters));
        }
        settings.tenants()
                .forEach((tenant, own) -> tenants.put(tenant, orders(tenant, own, adapters)));
    }

    private Map<RuntimeClass, List<String>> orders(
            String tenant,
            Map<RuntimeClass, List<String>> own,
            Map<String, Capabilities> adapters) {
        requireTenant(tenant);
        Map<RuntimeClass, List<String>> orders = new EnumMap<>(classes);
        own.forEach((runtimeClass, order) -> {
            requirePlaced("gantry.placement.tenants." + tenant, runtimeClass);
            String setting =
                    "gantry.placement.tenants.%s.%s".formatted(tenant, runtimeClass.label());
            orders.put(runtimeClass, checked(setting, runtimeClass, order, adapters));
        });
        return orders;
    }

    private static void requirePlaced(String setting, RuntimeClass runtimeClass) {
        if (!RuntimeClass.PLACED.contains(runtimeClass)) {
            throw new StartRefused(
                    "%s names the class '%s', which Gantry serves itself."
                            .formatted(setting, runtimeClass.label()),
                    "Take it out.");
        }
    }

    private static void requireTenant(String name) {
        try {
            new TenantId(name);
        } catch (IllegalArgumentException e) {
            throw new StartRefused(
                    "gantry.placement.tenants names '%s': %s".formatted(name, e.getMessage()),
                    "Write the tenant's id.",
                    e);
        }
    }

    /** The specialist first: what serves fewer classes serves them better. Then by name. */
    private static List<String> defaultOrder(
            RuntimeClass runtimeClass,
            List<String> onlyWhenNamed,
            Map<String, Capabilities> adapters,
            boolean unreal) {
        Comparator<Map.Entry<String, Capabilities>> unrealLast =
                Comparator.comparing(entry -> onlyWhenNamed.contains(entry.getKey()));
        return adapters.entrySet().stream()
                .filter(entry -> entry.getValue().runtimeClasses().contains(runtimeClass))
                .filter(entry -> unreal || !onlyWhenNamed.contains(entry.getKey()))
                .sorted(
                        unrealLast
                                .thenComparingInt(entry -> entry.getValue().runtimeClasses().size())
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> checked(
            String setting,
            RuntimeClass runtimeClass,
            List<String> order,
            Map<String, Capabilities> adapters) {
        for (String kind : order) {
            Capabilities capabilities = adapters.get(kind);
            if (capabilities == null) {
                throw new StartRefused(
                        "%s names the adapter '%s', and there is none; there are: %s."
                                .formatted(
                                        setting,
                                        kind,
                                        String.join(
                                                ", ",
                                                adapters.keySet().stream().sorted().toList())),
                        "Correct the name, add the adapter's jar, or enable it with gantry.adapters.%s.enabled."
                                .formatted(kind));
            }
            if (!capabilities.runtimeClasses().contains(runtimeClass)) {
                throw new StartRefused(
                        "%s names the adapter '%s', which serves only %s."
                                .formatted(
                                        setting,
                                        kind,
                                        capabilities.runtimeClasses().stream()
                                                .map(RuntimeClass::label)
                                                .sorted()
                                                .toList()),
                        "Take it out of this list.");
            }
        }
        return List.copyOf(order);
    }

    List<String> order(TenantId tenant, RuntimeClass runtimeClass) {
        List<String> order = tenants.getOrDefault(tenant.value(), classes).get(runtimeClass);
        return order == null ? List.of() : order;
    }

    /**
     * See {@link Runners#place}.
     *
     * @param able whether the adapter of a kind can run it
     */
    Runners.@Nullable Placement place(
            TenantId tenant, Need need, Predicate<String> able, Predicate<String> connected) {
        List<Runners.Placement> candidates = candidates(tenant, need, able);
        for (Runners.Placement candidate : candidates) {
            if (connected.test(candidate.adapter())) {
                return candidate;
            }
        }
        return candidates.isEmpty() ? null : candidates.getFirst();
    }

    /** See {@link Runners#candidates}; the first is the best. */
    List<Runners.Placement> candidates(TenantId tenant, Need need, Predicate<String> able) {
        List<Runners.Placement> candidates = new ArrayList<>();
        for (RuntimeClass runtimeClass : need.classes()) {
            List<String> allowed = order(tenant, runtimeClass);
            for (String kind : need.order().isEmpty() ? allowed : need.order()) {
                if ((need.only() == null || need.only().equals(kind))
                        && allowed.contains(kind)
                        && able.test(kind)) {
                    candidates.add(new Runners.Placement(runtimeClass, kind));
                }
            }
        }
        return candidates;
    }
}
