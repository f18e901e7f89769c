package dev.gantry.orchestrator.installation;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Refuses settings under {@code gantry} that nobody reads. Each group refuses what it does not
 * know; a misspelt group has nobody to refuse it. The environment's variables and the JVM's
 * properties are not looked at: some that begin so are for others.
 */
final class SettingGroups implements SmartInitializingSingleton {
    private static final String OWN = "gantry.";

    /** Read by themselves. */
    private static final Set<String> SINGLE = Set.of("gantry.data-dir", "gantry.secrets.directory");

    private static final Set<String> OF_THE_SYSTEM =
            Set.of(
                    StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                    StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);

    private final ConfigurableApplicationContext context;

    SettingGroups(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<String> known = new TreeSet<>(SINGLE);
        ConfigurationPropertiesBean.getAll(context)
                .values()
                .forEach(bean -> known.add(bean.getAnnotation().prefix()));
        known.removeIf(name -> !name.startsWith(OWN));
        for (PropertySource<?> source : context.getEnvironment().getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> listed
                    && !OF_THE_SYSTEM.contains(source.getName())) {
                for (String name : listed.getPropertyNames()) {
                    check(ConfigurationPropertyName.adapt(name, '.').toString(), known);
                }
            }
        }
    }

    private static void check(String name, Set<String> known) {
        if (name.startsWith(OWN)
                && known.stream()
                        .noneMatch(group -> name.equals(group) || name.startsWith(group + "."))) {
            throw new StartRefused(
                    "Setting %s is in no group of settings.".formatted(name),
                    "Known are %s; docs/operations.md lists all settings."
                            .formatted(String.join(", ", known)));
        }
    }
}
