package dev.gantry.benchmarks;

import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * What a step costs beside {@code docker run} of the same image with the same limits and its output
 * attached. Needs a Docker engine and the image of {@code tools/make-test-image}; {@code
 * -Dtimes=50}.
 */
public final class DockerSteps {
    private static final String IMAGE = "gantry/busybox:test";
    private static final List<String> COMMAND = List.of("/bin/sh", "-c", "echo '{\"done\":true}'");

    private DockerSteps() {}

    public static void main(String[] arguments) throws Exception {
        Workload workload =
                new Workload.Process(
                        "bench",
                        IMAGE,
                        COMMAND,
                        List.of(),
                        Map.of(),
                        null,
                        Workload.PullPolicy.NEVER,
                        Workload.Result.FUNCTION,
                        Workload.Retention.REMOVE);
        Pairs.print(
                "docker run",
                new DockerRun(),
                "a step of the Docker adapter, from provision to outcome",
                new AdapterStep("docker", Map.of(), RuntimeClass.CONTAINER, workload, "{}"),
                Integer.getInteger("times", 50));
    }

    private static final class DockerRun implements Pairs.Way {
        private final String name = "bench-" + ProcessHandle.current().pid();

        @Override
        public void prepare() {}

        @Override
        public void timed() throws Exception {
            docker(
                    "run",
                    "--name",
                    name,
                    "--network",
                    "none",
                    "--cpus",
                    "1",
                    "--memory",
                    "512m",
                    "--memory-swap",
                    "512m",
                    "--pids-limit",
                    "512",
                    "--read-only",
                    "--cap-drop",
                    "ALL",
                    "--entrypoint",
                    COMMAND.getFirst(),
                    IMAGE,
                    COMMAND.get(1),
                    COMMAND.get(2));
        }

        @Override
        public void cleanUp() throws Exception {
            docker("rm", "--force", "--volumes", name);
        }

        private static void docker(String... arguments) throws Exception {
            ProcessBuilder process = new ProcessBuilder();
            process.command().add("docker");
            process.command().addAll(List.of(arguments));
            process.redirectErrorStream(true);
            Process started = process.start();
            started.getInputStream().transferTo(OutputStream.nullOutputStream());
            if (started.waitFor() != 0) {
                throw new IllegalStateException("docker " + arguments[0] + " failed");
            }
        }
    }
}
