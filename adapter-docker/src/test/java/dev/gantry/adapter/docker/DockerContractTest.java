package dev.gantry.adapter.docker;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.Behaviour;
import dev.gantry.contract.Fault;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/** What every adapter must prove, on a real engine. */
class DockerContractTest extends RunnerAdapterContract {
    private final List<Proxy> proxies = new ArrayList<>();

    @Override
    protected AdapterFixture fixture() {
        return new OnEngine(Engine.require());
    }

    @AfterEach
    void closeProxies() throws IOException {
        for (Proxy proxy : proxies) {
            proxy.close();
        }
    }

    private final class OnEngine implements AdapterFixture {
        private final Engine engine;

        OnEngine(Engine engine) {
            this.engine = engine;
        }

        @Override
        public String kind() {
            return "docker";
        }

        @Override
        public Set<RuntimeClass> runtimeClasses() {
            return EnumSet.of(RuntimeClass.CONTAINER);
        }

        @Override
        public Set<Capability> claims() {
            return EnumSet.complementOf(EnumSet.of(Capability.GPU));
        }

        @Override
        public RunnerAdapter newAdapter(String installation) {
            return Engine.adapter(installation, Map.of());
        }

        @Override
        public Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
            try {
                String host =
                        switch (fault) {
                            case BACKEND_DOWN -> "tcp://127.0.0.1:1";
                            case REPLY_LOST_AFTER_CREATE ->
                                    proxy(new Proxy("/containers/create", true, 0));
                            case CONNECTION_LOST_WHILE_RUNNING ->
                                    proxy(new Proxy("/start", false, 500));
                        };
                return Optional.of(Engine.adapter(installation, Map.of("host", host)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String proxy(Proxy proxy) throws IOException {
            proxies.add(proxy);
            return proxy.address();
        }

        private static Workload script(Behaviour.TellArguments tell) {
            return new Workload.Process(
                    "test",
                    Engine.IMAGE,
                    List.of("/bin/sh"),
                    new Workload.Script(
                            "script.sh",
                            "# padding\n".repeat(tell.scriptBytes() / 10)
                                    + "printf '[\"%s\",\"%s\"]' \"$1\" \"$2\""),
                    tell.arguments(),
                    Map.of(),
                    null,
                    Workload.PullPolicy.NEVER,
                    Workload.Result.FUNCTION,
                    Workload.Retention.REMOVE,
                    null);
        }

        @Override
        public Optional<Workload> workload(Behaviour behaviour) {
            return Optional.of(
                    switch (behaviour) {
                        case Behaviour.Echo _ -> shell("cat");
                        case Behaviour.Fail fail -> shell("exit " + fail.code());
                        case Behaviour.Sleep sleep -> shell("sleep " + seconds(sleep.duration()));
                        case Behaviour.Print print ->
                                shell(
                                        pattern('o', print.stdoutBytes())
                                                + "; "
                                                + pattern('e', print.stderrBytes())
                                                + " >&2; "
                                                + NULL);
                        case Behaviour.LongLines lines ->
                                shell(
                                        "x() { head -c %d /dev/zero | tr '\\0' x; }; x; echo; x; %s"
                                                .formatted(lines.bytes(), NULL));
                        case Behaviour.StarveChild starve ->
                                shell(
                                        "dd if=/dev/zero of=/dev/null bs=%d count=1; echo null"
                                                .formatted(starve.bytes()));
                        case Behaviour.TellArguments tell -> script(tell);
                        case Behaviour.Tick tick ->
                                shell(
                                        "i=0; while [ $i -lt %d ]; do [ $i -gt 0 ] && sleep %s; printf 'o%%098d\\n' $i; i=$((i+1)); done; %s"
                                                .formatted(
                                                        tick.lines(), seconds(tick.pause()), NULL));
                        case Behaviour.Produce produce ->
                                shell(
                                        "{ printf '\"'; head -c %d /dev/zero | tr '\\0' x; printf '\"'; } > $GANTRY_OUTPUT_FILE"
                                                .formatted(produce.bytes() - 2));
                        case Behaviour.WriteFiles files -> shell(write(files));
                        case Behaviour.IgnoreStop stop ->
                                shell("trap '' TERM; sleep " + seconds(stop.duration()));
                        case Behaviour.Allocate allocate ->
                                shell(
                                        "x=$(head -c %d /dev/zero | tr '\\0' x); echo ${#x}"
                                                .formatted(allocate.bytes()));
                        case Behaviour.Burn burn -> shell(burn(burn.duration()) + CPU_MILLIS);
                        case Behaviour.Work work -> shell(work(work));
                        case Behaviour.TellContext _ -> shell(TELL);
                    });
        }

        @Override
        public Optional<Workload.Function> function() {
            return Optional.of(
                    new Workload.Function(
                            "kit/step",
                            "1.0.0",
                            Map.of(
                                    "image",
                                    Engine.IMAGE,
                                    "command",
                                    List.of("/bin/true"),
                                    "arguments",
                                    List.of("-x"),
                                    "environment",
                                    Map.of("LEVEL", "info"),
                                    "pullPolicy",
                                    "never",
                                    "network",
                                    "none",
                                    "user",
                                    "1000:1000")));
        }

        @Override
        public int runs(Attempt attempt) {
            return engine.starts(attempt);
        }

        @Override
        public boolean alive(Attempt attempt) {
            return engine.alive(attempt);
        }

        @Override
        public Duration moment() {
            return Duration.ofSeconds(3);
        }

        @Override
        public int crowd() {
            return 6;
        }
    }

    /** That its container had up to now. */
    private static final String CPU_MILLIS =
            """
            if [ -f /sys/fs/cgroup/cpuacct/cpuacct.usage ]; then
              awk '{ print int($1 / 1000000) }' /sys/fs/cgroup/cpuacct/cpuacct.usage
            else
              awk '/usage_usec/ { print int($2 / 1000) }' /sys/fs/cgroup/cpu.stat
            fi
            """;

    private static String burn(Duration time) {
        return "timeout %s sh -c 'while :; do :; done'\n".formatted(seconds(time));
    }

    /** A block that is read whole and waits to be written is held all the time. */
    private static String work(Behaviour.Work work) {
        return "dd if=/dev/zero bs=%d count=1 2>/dev/null | { %s sleep %s; cat > /dev/null; }\n%s"
                .formatted(
                        work.bytes(),
                        burn(work.busy()),
                        seconds(work.duration().minus(work.busy())),
                        CPU_MILLIS);
    }

    private static final String NULL = "echo null > $GANTRY_OUTPUT_FILE";
    private static final String TELL =
            """
            awk 'BEGIN { printf "{"; n = split("GANTRY_INPUT_FILE GANTRY_INPUT GANTRY_OUTPUT_FILE GANTRY_ARTIFACTS GANTRY_EXECUTION_ID GANTRY_STEP GANTRY_ATTEMPT GANTRY_CORRELATION_ID GANTRY_IDEMPOTENCY_KEY GANTRY_TENANT GANTRY_INITIATOR TRACEPARENT", a, " ");
              for (i = 1; i <= n; i++) if (a[i] in ENVIRON) { v = ENVIRON[a[i]]; gsub(/\\\\/, "\\\\\\\\", v); gsub(/"/, "\\\\\\"", v); printf "%s\\"%s\\":\\"%s\\"", s, a[i], v; s = "," }
              printf "}" }'
            """;

    private static String write(Behaviour.WriteFiles files) {
        StringBuilder script = new StringBuilder("cd $GANTRY_ARTIFACTS; ");
        files.files()
                .forEach((path, size) ->
                        script.append(
                                "mkdir -p \"$(dirname '%s')\"; %s > '%s'; "
                                        .formatted(path, pattern('o', size), path)));
        return script.toString();
    }

    private static String pattern(char letter, long bytes) {
        long lines = bytes / 100 + 1;
        return "awk 'BEGIN { for (i = 0; i < %d; i++) printf \"%c%%098d\\n\", i }' | head -c %d"
                .formatted(lines, letter, bytes);
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1000.0);
    }

    private static Workload shell(String script) {
        return new Workload.Process(
                "test",
                Engine.IMAGE,
                List.of("/bin/sh", "-c", script),
                List.of(),
                Map.of(),
                null,
                Workload.PullPolicy.NEVER,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE);
    }
}
