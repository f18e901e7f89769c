package dev.gantry.orchestrator.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.architecture.Docs.Setting;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** What can be set is what {@code docs/} lists, with the defaults that the code has. */
class DocumentedSettingsTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern VALUE = Pattern.compile("\"\\$\\{(gantry\\.[a-z.-]+):?([^{}]*)");

    /** What only an adapter knows; its own module checks its page. */
    private static final Pattern OF_ADAPTER_MODULES =
            Pattern.compile("gantry\\.adapters\\.(docker|lambda|local-mock)\\..*");

    /** Read by name, as the kinds are not known before. */
    private static final List<String> OF_EVERY_ADAPTER =
            List.of("gantry.adapters.<>.enabled", "gantry.adapters.<>.*");

    /** Those of Spring that Gantry sets are limits, and so what operators have to know. */
    private static final Pattern SET_FOR_OPERATORS =
            Pattern.compile("server\\..*|spring\\.lifecycle\\..*");

    @Test
    void listsEverySettingOnce() throws IOException {
        List<String> documented =
                documented().map(Setting::name).filter(name -> name.startsWith("gantry.")).toList();
        TreeSet<String> known = new TreeSet<>(settings().keySet());
        known.addAll(OF_EVERY_ADAPTER);

        assertThat(documented)
                .as("tables of settings in docs/ (left) and settings of the code (right)")
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void statesTheDefaultsOfTheCode() throws IOException {
        Map<String, String> defaults = settings();

        assertThat(defaults).containsEntry("gantry.api.max-body", "4MB");
        documented()
                .filter(setting -> !defaults.getOrDefault(setting.name(), "").isEmpty())
                .forEach(setting ->
                        assertThat(setting.value())
                                .as("default of %s in %s", setting.name(), setting.page())
                                .isEqualTo(defaults.get(setting.name())));
    }

    @Test
    void listsWhatGantrySetsOfSpring() throws IOException {
        EnumerablePropertySource<?> set =
                (EnumerablePropertySource<?>)
                        new YamlPropertySourceLoader()
                                .load("gantry", new ClassPathResource("application.yaml"))
                                .getFirst();
        Map<String, String> documented = new TreeMap<>();
        documented().forEach(setting -> documented.put(setting.name(), setting.value()));

        for (String name : set.getPropertyNames()) {
            String stated = documented.get(name);
            if (stated != null || SET_FOR_OPERATORS.matcher(name).matches()) {
                assertThat(stated)
                        .as("default of %s in docs/", name)
                        .isEqualTo(String.valueOf(set.getProperty(name)));
            }
        }
    }

    private static Stream<Setting> documented() {
        return Docs.settings().stream()
                .filter(setting -> !OF_ADAPTER_MODULES.matcher(setting.name()).matches());
    }

    /** Name and default; an empty default may be said in words. */
    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        var scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        for (var found : scan.findCandidateComponents("dev.gantry.orchestrator")) {
            Class<?> type = type(found.getBeanClassName());
            ConfigurationProperties bound = type.getAnnotation(ConfigurationProperties.class);
            String prefix = bound.value().isEmpty() ? bound.prefix() : bound.value();
            assertThat(type.isRecord()).as("%s is a record", type).isTrue();
            add(settings, prefix, type);
        }
        valuesOf(SOURCES, settings);
        return settings;
    }

    private static Class<?> type(@Nullable String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(Map<String, String> settings, String prefix, Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        // The annotation is one of parameters only.
        Parameter[] parameters = canonical(type, components).getParameters();
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            String name = prefix + "." + kebab(component.getName());
            if (component.getType().isRecord()) {
                add(settings, name, component.getType());
                continue;
            }
            DefaultValue value = parameters[i].getAnnotation(DefaultValue.class);
            String keys = component.getGenericType().getTypeName();
            int maps = keys.split("java.util.Map<", -1).length - 1;
            settings.put(
                    name + ".<>".repeat(maps),
                    value == null ? "" : String.join(", ", value.value()));
        }
    }

    private static Constructor<?> canonical(Class<?> type, RecordComponent... components) {
        try {
            return type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static void valuesOf(Path sources, Map<String, String> settings) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                for (MatchResult value : VALUE.matcher(Files.readString(file)).results().toList()) {
                    settings.putIfAbsent(value.group(1), value.group(2).replace("$", ""));
                }
            }
        }
    }
}
