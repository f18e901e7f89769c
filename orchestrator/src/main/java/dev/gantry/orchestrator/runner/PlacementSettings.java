package dev.gantry.orchestrator.runner;

import dev.gantry.spi.RuntimeClass;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.placement}: which adapters may take the steps of a runtime class, in
 * the order in which they are tried.
 *
 * @param classes runtime class → adapter kinds; a class that is not there has the default order
 * @param tenants tenant → runtime class → adapter kinds; goes before {@code classes}
 * @param onlyWhenNamed kinds that no default order holds: what they do is not real
 */
@ConfigurationProperties("gantry.placement")
record PlacementSettings(
        @DefaultValue Map<RuntimeClass, List<String>> classes,
        @DefaultValue Map<String, Map<RuntimeClass, List<String>>> tenants,
        @DefaultValue("local-mock") List<String> onlyWhenNamed) {
    PlacementSettings {
        classes = Map.copyOf(classes);
        tenants = Map.copyOf(tenants);
        onlyWhenNamed = List.copyOf(onlyWhenNamed);
    }
}
