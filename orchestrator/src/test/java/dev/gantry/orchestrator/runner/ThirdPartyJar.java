package dev.gantry.orchestrator.runner;

import dev.gantry.spi.RunnerAdapterProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes an adapter jar as somebody would who has nothing but the SPI. */
final class ThirdPartyJar {
    private static final String SERVICE =
            "META-INF/services/" + RunnerAdapterProvider.class.getName();

    private static final String SOURCE =
            """
            package com.example.CLASS_NAME;

            import dev.gantry.spi.*;
            import java.nio.charset.StandardCharsets;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.CompletableFuture;

            public final class Provider implements RunnerAdapterProvider {
                @Override public String kind() { return "KIND"; }

                @Override public RunnerAdapter create(AdapterContext context) {
                    String region = context.settings().get("region");
                    if ("atlantis".equals(region)) {
                        throw new IllegalArgumentException("region is 'atlantis', expected a dry one");
                    }
                    return new Adapter(region);
                }

                record Adapter(String region) implements RunnerAdapter {
                    public Capabilities capabilities() {
                        return new Capabilities(Set.of(RuntimeClass.FAAS), Set.of(), 3);
                    }
                    public Health health() { return Health.connected("region " + region); }
                    public Handle provision(Attempt attempt) {
                        return new Handle("KIND", 1, attempt.externalName(), Map.of());
                    }
                    public CompletableFuture<Outcome> run(Handle handle, Attempt attempt, LogSink logs) {
                        String seen;
                        try {
                            Class.forName("com.fasterxml.jackson.databind.ObjectMapper");
                            seen = "leaking";
                        } catch (ClassNotFoundException e) {
                            seen = "isolated";
                        }
                        org.slf4j.LoggerFactory.getLogger(Provider.class).debug("ran");
                        byte[] output = ('"' + region + " " + seen + '"').getBytes(StandardCharsets.UTF_8);
                        return CompletableFuture.completedFuture(
                                new Outcome.Succeeded(output, Outcome.Usage.UNKNOWN));
                    }
                    public Probe probe(Handle handle, Attempt attempt) { return new Probe.Gone(); }
                    public CompletableFuture<Outcome> reattach(Handle handle, Attempt attempt, LogSink logs) {
                        return run(handle, attempt, logs);
                    }
                    public CompletableFuture<Void> cancel(Handle handle, Duration grace) {
                        return CompletableFuture.completedFuture(null);
                    }
                    public void collect(Handle handle, Attempt attempt, Collector collector) {}
                    public void teardown(Handle handle) {}
                    public List<OwnedResource> owned() { return List.of(); }
                    public void close() {}
                }
            }
            """;

    private ThirdPartyJar() {}

    /** A jar in the folder with one provider of the kind, {@code com.example.<name>.Provider}. */
    static Path make(Path folder, String name, String kind) throws IOException {
        return make(folder, name, kind, "com.example." + name + ".Provider");
    }

    static Path make(Path folder, String name, String kind, String named) throws IOException {
        Path classes = Files.createTempDirectory(folder, "classes");
        compile(classes, SOURCE.replace("CLASS_NAME", name).replace("KIND", kind));
        Path services = classes.resolve(SERVICE);
        Files.createDirectories(services.getParent());
        Files.writeString(services, named);
        Path jar = folder.resolve(name + ".jar");
        pack(classes, jar);
        return jar;
    }

    private static void compile(Path classes, String source) {
        var problems = new DiagnosticCollector<JavaFileObject>();
        boolean compiled =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                null,
                                null,
                                problems,
                                List.of("-proc:none", "-d", classes.toString()),
                                null,
                                List.of(
                                        new SimpleJavaFileObject(
                                                URI.create("string:///Provider.java"),
                                                JavaFileObject.Kind.SOURCE) {
                                            @Override
                                            public CharSequence getCharContent(boolean ignore) {
                                                return source;
                                            }
                                        }))
                        .call();
        if (!compiled) {
            throw new IllegalStateException(problems.getDiagnostics().toString());
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }
}
