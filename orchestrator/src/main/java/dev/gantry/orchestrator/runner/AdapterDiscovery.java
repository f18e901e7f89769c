package dev.gantry.orchestrator.runner;

import dev.gantry.orchestrator.installation.StartRefused;
import dev.gantry.spi.RunnerAdapterProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the providers of adapters: on the class path, and in a folder of jars. */
final class AdapterDiscovery {
    private static final String SERVICE =
            "META-INF/services/" + RunnerAdapterProvider.class.getName();

    private AdapterDiscovery() {}

    /**
     * @param origin for people: the jar that it comes from
     */
    record Found(RunnerAdapterProvider provider, String origin) {
        @Override
        public String toString() {
            return "%s (%s)".formatted(provider.getClass().getName(), origin);
        }
    }

    static List<Found> onClassPath(ClassLoader classes) {
        return load(classes, "the class path");
    }

    /** One class loader for each jar, so that adapters don't have to agree on libraries. */
    static List<Found> inFolder(Path folder, ClassLoader gantry) {
        if (!Files.isDirectory(folder)) {
            throw new StartRefused(
                    "gantry.adapters.directory is %s, which is no folder.".formatted(folder),
                    "Make the folder, or take the setting away.");
        }
        List<Found> found = new ArrayList<>();
        for (Path jar : jars(folder)) {
            List<Found> providers = load(loader(jar, gantry), jar.toString());
            if (providers.isEmpty()) {
                throw new StartRefused(
                        "%s is among the adapter jars and has no %s.".formatted(jar, SERVICE),
                        "Name the jar's provider there, or take the jar out of the folder.");
            }
            found.addAll(providers);
        }
        return found;
    }

    private static List<Path> jars(Path folder) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException e) {
            throw new UncheckedIOException("%s can not be read".formatted(folder), e);
        }
        jars.sort(Comparator.naturalOrder());
        return jars;
    }

    private static ClassLoader loader(Path jar, ClassLoader gantry) {
        try {
            // Never closed: adapters live as long as the process, and load classes to its end.
            return new URLClassLoader(
                    "adapter-" + jar.getFileName(),
                    new URL[] {jar.toUri().toURL()},
                    new SpiClassLoader(gantry));
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("%s is no jar".formatted(jar), e);
        }
    }

    private static List<Found> load(ClassLoader classes, String place) {
        List<Found> found = new ArrayList<>();
        try {
            for (RunnerAdapterProvider provider :
                    ServiceLoader.load(RunnerAdapterProvider.class, classes)) {
                found.add(new Found(provider, origin(provider, place)));
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new StartRefused(
                    "An adapter provider in %s can not be loaded: %s".formatted(place, e),
                    "Correct the adapter, or build it for this version of Gantry.",
                    e);
        }
        return found;
    }

    private static String origin(RunnerAdapterProvider provider, String place) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? place
                : source.getLocation().toString();
    }
}
