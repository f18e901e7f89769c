package dev.gantry.adapter.k8sjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.contract.Printed;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerException;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An API server that breaks connections, is away, or answers with no: nothing is made up. */
@Execution(ExecutionMode.CONCURRENT)
class TroubleOnClusterTest {
    private static final int LINES = 60;

    /** Prints for some seconds, counts its runs where they can be seen, and leaves a file. */
    private static final String TALK =
            "i=0; while [ $i -lt %d ]; do echo line $i; i=$((i+1)); sleep 0.1; done; echo file > $GANTRY_ARTIFACTS/f; echo '{\"ok\":true}' > $GANTRY_OUTPUT_FILE"
                    .formatted(LINES);

    private static @Nullable RealCluster shared;

    @BeforeAll
    static void findCluster() {
        shared = RealCluster.require();
    }

    @AfterAll
    static void removeNamespace() {
        if (shared != null) {
            shared.close();
        }
    }

    private static RealCluster cluster() {
        return Objects.requireNonNull(shared);
    }

    private static ApiProxy proxy(ApiProxy.Harm harm) {
        return new ApiProxy(cluster().admin.getConfiguration(), harm);
    }

    private static RunnerAdapter behind(ApiProxy proxy, String installation, String... settings) {
        Map<String, String> all = new HashMap<>();
        all.put("kubeconfig", cluster().kubeconfig(proxy.address()).toString());
        all.put("compare-seconds", "1");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return cluster().adapter(installation, all);
    }

    private static List<Pod> pods(Steps.Run run) {
        return new Jobs(cluster().admin).podsOf(run.job());
    }

    private static void awaitFirstLine(Steps.Run run) {
        RealCluster.until("the first line", () -> run.printed().position(Stream.STDOUT) > 0);
    }

    private static void assertWhole(Steps.Run run) throws Exception {
        assertThat(run.output()).isEqualTo("{\"ok\":true}\n");
        run.adapter().collect(run.handle(), run.attempt(), run.printed());
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            lines.append("line ").append(i).append('\n');
        }
        assertThat(run.printed().text(Stream.STDOUT)).isEqualTo(lines.toString());
        assertThat(run.printed().files()).containsOnlyKeys("f");
        assertThat(pods(run)).as("pods of the step").hasSize(1);
    }

    @Test
    void waitsForAnApiServerThatIsAway() throws Exception {
        try (ApiProxy proxy = proxy(new ApiProxy.Harm() {});
                RunnerAdapter adapter = behind(proxy, "outage");
                Steps.Run run = Steps.Run.begin(adapter, Steps.of("outage", Shells.shell(TALK)))) {
            awaitFirstLine(run);

            proxy.outage(true);
            Thread.sleep(Duration.ofSeconds(10));
            assertThat(run.outcome()).as("the outcome while nobody can know it").isNotDone();
            assertThat(adapter.health().isConnected()).isFalse();
            assertThatThrownBy(adapter::owned).isInstanceOf(ExecutionException.class);
            proxy.outage(false);

            assertWhole(run);
        }
    }

    @Test
    void goesOnWhereConnectionsBreakAgainAndAgain() throws Exception {
        try (ApiProxy proxy = proxy(new ApiProxy.Harm() {});
                RunnerAdapter adapter = behind(proxy, "resets");
                Steps.Run run = Steps.Run.begin(adapter, Steps.of("resets", Shells.shell(TALK)))) {
            for (int i = 0; i < 20; i++) {
                Thread.sleep(Duration.ofMillis(300));
                proxy.outage(false);
            }

            assertWhole(run);
        }
    }

    /** A watch that tells nothing and does not end: what is listed now and then is enough. */
    @Test
    void seesWhatADeadWatchDoesNotTell() throws Exception {
        ApiProxy.Harm mute =
                new ApiProxy.Harm() {
                    @Override
                    public boolean mutes(String method, String path) {
                        return path.contains("watch=true");
                    }
                };
        try (ApiProxy proxy = proxy(mute);
                RunnerAdapter adapter = behind(proxy, "mute");
                Steps.Run run = Steps.Run.begin(adapter, Steps.of("mute", Shells.shell(TALK)))) {
            assertWhole(run);
        }
    }

    /** The version that a watch goes on from may be forgotten. */
    @Test
    void beginsAnewWhereAVersionIsGone() throws Exception {
        AtomicInteger gone = new AtomicInteger();
        ApiProxy.Harm forgetful =
                new ApiProxy.Harm() {
                    @Override
                    public int refuse(String method, String path) {
                        return path.contains("watch=true") && gone.getAndIncrement() % 3 < 2
                                ? 410
                                : 0;
                    }
                };
        try (ApiProxy proxy = proxy(forgetful);
                RunnerAdapter adapter = behind(proxy, "gone");
                Steps.Run run = Steps.Run.begin(adapter, Steps.of("gone", Shells.shell(TALK)))) {
            assertWhole(run);
            assertThat(gone).hasValueGreaterThan(2);
        }
    }

    @Test
    void paysAttentionToRetryAfter() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ApiProxy.Harm busy =
                new ApiProxy.Harm() {
                    @Override
                    public int refuse(String method, String path) {
                        return method.equals("POST")
                                        && path.endsWith("/jobs")
                                        && asked.getAndIncrement() < 2
                                ? 429
                                : 0;
                    }
                };
        try (ApiProxy proxy = proxy(busy);
                RunnerAdapter adapter = behind(proxy, "busy")) {
            long before = System.nanoTime();
            try (Steps.Run run =
                    Steps.Run.begin(adapter, Steps.of("busy", Shells.shell("echo 1")))) {
                assertThat(Duration.ofNanos(System.nanoTime() - before))
                        .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
                assertThat(run.output()).isEqualTo("1\n");
                assertThat(asked).hasValue(3);
            }
        }
    }

    /** Tokens end in the midst of a step; the file has a new one by then. */
    @Test
    void readsTheCredentialsAgain() throws Exception {
        try (ApiProxy proxy = proxy(new ApiProxy.Harm() {})) {
            Path file = cluster().kubeconfig(proxy.address());
            String first = Files.readString(file);
            try (RunnerAdapter adapter =
                            cluster()
                                    .adapter(
                                            "token",
                                            Map.of(
                                                    "kubeconfig",
                                                    file.toString(),
                                                    "compare-seconds",
                                                    "1"));
                    Steps.Run run =
                            Steps.Run.begin(adapter, Steps.of("token", Shells.shell(TALK)))) {
                awaitFirstLine(run);

                proxy.endToken(cluster().token);
                RealCluster.until("nobody is known", () -> !adapter.health().isConnected());
                String next = cluster().token(RealCluster.ACCOUNT);
                Files.writeString(file, first.replace(cluster().token, next));

                assertWhole(run);
            }
        }
    }

    /** One call in five fails, or is carried out and its reply is lost. */
    @Test
    void endsEveryStepOnceWhateverFails() throws Exception {
        Random random = new Random(7);
        ReentrantLock lock = new ReentrantLock();
        ApiProxy.Harm chaos =
                new ApiProxy.Harm() {
                    private boolean now() {
                        lock.lock();
                        try {
                            return random.nextInt(10) == 0;
                        } finally {
                            lock.unlock();
                        }
                    }

                    @Override
                    public int refuse(String method, String path) {
                        return now() ? (path.length() % 2 == 0 ? 503 : 429) : 0;
                    }

                    @Override
                    public boolean answered(String method, String path) {
                        return now();
                    }
                };
        try (ApiProxy proxy = proxy(chaos);
                RunnerAdapter adapter = behind(proxy, "chaos");
                RunnerAdapter calm = cluster().adapter("chaos", Map.of())) {
            List<Attempt> attempts = new ArrayList<>();
            List<Handle> handles = new ArrayList<>();
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Attempt attempt = Steps.of("chaos", Shells.shell("sleep 1; echo " + i));
                attempts.add(attempt);
                handles.add(untilItWorks(() -> adapter.provision(attempt)));
                outcomes.add(adapter.run(handles.getLast(), attempt, new Printed()));
            }

            for (int i = 0; i < attempts.size(); i++) {
                Outcome outcome = outcomes.get(i).get(2, TimeUnit.MINUTES);
                assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
                assertThat(
                                new String(
                                        ((Outcome.Succeeded) outcome).output(),
                                        StandardCharsets.UTF_8))
                        .isEqualTo(i + "\n");
                assertThat(new Jobs(cluster().admin).podsOf(JobRef.of(handles.get(i))))
                        .as("pods of step %d", i)
                        .hasSize(1);
                Handle handle = handles.get(i);
                untilItWorks(() -> {
                    adapter.teardown(handle);
                    return handle;
                });
            }
            assertThat(calm.owned()).isEmpty();
        }
    }

    private interface Call {
        Handle ask() throws RunnerException;
    }

    private static Handle untilItWorks(Call call) {
        for (int n = 0; ; n++) {
            try {
                return call.ask();
            } catch (RunnerException e) {
                assertThat(e.failure().progress()).isNotEqualTo(Progress.MAY_HAVE_COMMITTED);
                assertThat(n).as("failures in a row: %s", e).isLessThan(20);
            }
        }
    }
}
