package dev.gantry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.server.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path home;

    @BeforeEach
    void install() throws IOException {
        FakeServer.install(home.resolve("server"));
    }

    private Path data() {
        return home.resolve(".gantry");
    }

    private String out() throws IOException {
        return Files.readString(home.resolve("client.out"));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private Context running() throws InterruptedException {
        await(() -> Context.read(data()).isPresent());
        return Context.read(data()).orElseThrow();
    }

    @Test
    void leavesAContextForOtherCommandsUntilItIsStopped() throws Exception {
        Process client =
                FakeServer.client(
                        home, "server", "--port", "0", "--dev", "--new-admin-key", "--x.y=z");
        Context context = running();

        assertThat(new Cli(home).run("adapters")).isZero();
        client.destroy();

        assertThat(client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).isEqualTo(143);
        assertThat(isAlive(context.process())).isFalse();
        assertThat(Context.read(data())).isEmpty();
        assertThat(out())
                .contains(
                        "starting with [--data, %s, --port, 0, --dev, --new-admin-key, --x.y=z]"
                                .formatted(data()))
                .contains("Gantry listens on " + context.url());
    }

    @Test
    void doesNotOutliveItsClient() throws Exception {
        Process client = FakeServer.client(home, "server", "--port", "0", "--dev");
        Context context = running();

        client.destroyForcibly();

        await(() -> !isAlive(context.process()));
        assertThat(new Cli(home).run("adapters")).isEqualTo(Exit.UNREACHABLE);
    }

    @Test
    void leavesNothingWhenTheServerIsKilled() throws Exception {
        Process client = FakeServer.client(home, "server", "--port", "0", "--dev");
        Context context = running();
        long children;
        try (Stream<ProcessHandle> all = client.descendants()) {
            children = all.count();
        }

        ProcessHandle.of(context.process()).ifPresent(ProcessHandle::destroyForcibly);

        assertThat(client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).isEqualTo(137);
        assertThat(children).as("server and watchdog").isEqualTo(2);
        assertThat(Context.read(data())).isEmpty();
    }

    @Test
    void endsAsTheServerEnds() {
        Cli cli = new Cli(home);

        assertThat(cli.run("server", "--x.fail=64")).isEqualTo(64);
        assertThat(cli.out()).contains("the database is gone");
    }

    @Test
    void saysWhereTheServerShouldBe() throws IOException {
        Files.delete(home.resolve("server/gantry-server.jar"));
        Cli cli = new Cli(home);

        assertThat(cli.run("server")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("there is no server at").contains("./gantry of a clone");
    }

    private void addExamples() throws IOException {
        Path examples = Path.of("..", "examples").toRealPath();
        try (Stream<Path> files = Files.walk(examples)) {
            for (Path file : files.toList()) {
                Path copy = home.resolve("examples").resolve(examples.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void demonstratesTwiceAndLeavesNothingBehind() throws Exception {
        addExamples();
        Cli cli = new Cli(home);

        int first = cli.run("demo", "--exit", "--port", "0");
        String out = cli.out();
        int second =
                cli.run(
                        "demo",
                        "--exit",
                        "--port",
                        "0",
                        "--gantry.adapters.k8s-job.kubeconfig=config");

        assertThat(first).as(out + cli.err()).isZero();
        assertThat(second).isZero();
        assertThat(out)
                .contains("ready in")
                .contains("so container steps run on the local mock")
                .contains("jobs       not there, so the local mock: no such file")
                .contains("functions  eu-central-1")
                .doesNotContain("a mock")
                .contains("examples   21 published, 0 there already")
                .contains("✓ charge")
                .contains("✓ completed in 1.00 s")
                .contains("shop/preorder")
                .contains("From './gantry demo' to this:");
        assertThat(Context.read(home.resolve(".gantry/demo"))).isEmpty();
        assertThat(Files.readString(home.resolve(".gantry/demo/server.log")))
                .contains("--gantry.placement.classes.container=local-mock")
                .contains("examples/mock/local-mock.yaml")
                .contains("--gantry.adapters.k8s-job.kubeconfig=config");
        try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
            assertThat(children.filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void staysUpAfterTheDemoAndRefusesASecondOne() throws Exception {
        addExamples();
        Process client = FakeServer.client(home, "demo", "--port", "0");
        await(() -> {
            try {
                return out().contains("Ctrl-C stops the server");
            } catch (IOException _) {
                return false;
            }
        });
        Cli cli = new Cli(home);

        assertThat(cli.run("adapters")).isZero();
        assertThat(cli.run("demo", "--exit")).isEqualTo(Exit.INVALID);
        assertThat(cli.err()).contains("already, at http://127.0.0.1:");
        long server = Context.read(home.resolve(".gantry/demo")).orElseThrow().process();
        client.destroy();

        assertThat(client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(isAlive(server)).isFalse();
        assertThat(out()).contains("Where to look next").contains("./gantry logs " + FakeServer.ID);
    }

    @Test
    void showsTheEndOfTheLogIfTheServerDoesNotStart() throws Exception {
        addExamples();
        Cli cli = new Cli(home).with("GANTRY_SERVER_OPTS", "-Xmx1k");

        assertThat(cli.run("demo", "--exit")).isEqualTo(Exit.FAILED);
        assertThat(cli.err()).contains("the server did not start").contains("maximum heap");
    }
}
