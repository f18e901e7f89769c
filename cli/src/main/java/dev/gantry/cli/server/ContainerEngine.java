package dev.gantry.cli.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks whether steps of the demo can run in real containers, and sees to their image. */
public final class ContainerEngine {
    public static final String IMAGE = "gantry/busybox:test";

    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration IMAGE_MADE = Duration.ofSeconds(20);

    private ContainerEngine() {}

    /** What there is for container steps. */
    public sealed interface Found {
        /**
         * @param version of the engine
         */
        record Engine(String version) implements Found {}

        /**
         * @param reason for people
         */
        record Nothing(String reason) implements Found {}
    }

    /**
     * @param home the clone, whose script makes the image
     */
    public static Found look(Path home) throws InterruptedException {
        Result version =
                run(List.of("docker", "version", "--format", "{{.Server.Version}}"), ANSWER);
        if (version.code() != 0) {
            return new Found.Nothing("no Docker engine answers");
        }
        Path script = home.resolve("tools").resolve("make-test-image");
        if (!Files.isExecutable(script)) {
            return new Found.Nothing("%s is missing".formatted(script));
        }
        Result image = run(List.of(script.toString(), "--shell"), IMAGE_MADE);
        return image.code() == 0
                ? new Found.Engine(version.output().strip())
                : new Found.Nothing("the image %s can neither be made nor pulled".formatted(IMAGE));
    }

    private record Result(int code, String output) {}

    /** Code -1 if it can not be started, or takes too long. */
    private static Result run(List<String> command, Duration limit) throws InterruptedException {
        try {
            Path output = Files.createTempFile("gantry", ".out");
            try {
                Process process =
                        new ProcessBuilder(command)
                                .redirectOutput(output.toFile())
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start();
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroy);
                    process.destroy();
                    return new Result(-1, "");
                }
                return new Result(
                        process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException _) {
            return new Result(-1, "");
        }
    }
}
