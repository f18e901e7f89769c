package dev.gantry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** A process that starts, speaks and ends as the server does. */
final class FakeServer {
    private static final String ADAPTERS =
            """
            {"items": [{"kind": "local-mock", "status": "connected", "detail": "a mock"},
                       {"kind": "k8s-job", "status": "disconnected", "detail": "no such file"},
                       {"kind": "lambda", "status": "connected", "detail": "eu-central-1"}]}
            """;

    static final String ID = "0199a000-0000-7000-8000-000000000001";

    private FakeServer() {}

    /** With {@code --x.fail=CODE} it ends instead of listening. */
    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        out.println("starting with " + options);
        for (String option : options) {
            if (option.startsWith("--x.fail=")) {
                out.println("the database is gone");
                System.exit(Integer.parseInt(option.substring(9)));
            }
        }
        Path data = Path.of(options.get(options.indexOf("--data") + 1));
        Files.createDirectories(data);
        Files.writeString(data.resolve("dev-key"), FakeGantry.KEY + "\n");
        int port = Integer.parseInt(options.get(options.indexOf("--port") + 1));
        FakeGantry gantry = serve(port);
        out.println("Gantry listens on " + gantry.url());
        out.println("  Data " + data);
        Thread.sleep(120_000);
    }

    private static FakeGantry serve(int port) throws IOException {
        String execution =
                """
                {"id": "%s", "status": "completed", "startedAt": "2026-11-20T08:00:00Z",
                 "endedAt": "2026-11-20T08:00:01Z", "output": {"tracking": "TRK-1"}}
                """
                        .formatted(ID)
                        .replace("\n", "");
        return new FakeGantry(port)
                .on("GET /actuator/health/readiness", 200, "{\"status\": \"UP\"}")
                .on("GET /v1/adapters", 200, ADAPTERS)
                .on("POST /v1/executions", 201, "{\"id\": \"" + ID + "\"}")
                .on("POST /v1/events", 202, "{\"accepted\": 1, \"duplicates\": 0}")
                .on("GET /v1/executions/" + ID, 200, execution)
                .on("GET /v1/executions/" + ID + "/history", 200, History.ofOrder().page())
                .on(
                        "GET /v1/executions/" + ID + "/events",
                        exchange ->
                                FakeGantry.send(
                                        exchange,
                                        200,
                                        "text/event-stream",
                                        "id: 9\ndata: " + execution + "\n\n"));
    }

    /** Puts a jar with this into the folder, as the launcher puts the server there. */
    static Path install(Path home) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeServer.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        classPath().stream()
                                .map(Path::of)
                                .map(Path::toUri)
                                .map(URI::toString)
                                .collect(Collectors.joining(" ")));
        Files.createDirectories(home);
        new JarOutputStream(Files.newOutputStream(home.resolve("gantry-server.jar")), manifest)
                .close();
        return home;
    }

    private static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(":"));
    }

    /** The client as a process of its own. */
    static Process client(Path home, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dgantry.home=" + home);
        command.add("-Dgantry.server.home=" + home.resolve("server"));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), "dev.gantry.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("client.out").toFile())
                .start();
    }
}
