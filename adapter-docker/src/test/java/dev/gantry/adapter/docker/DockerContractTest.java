package dev.gantry.adapter.docker;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.Behaviour;
import dev.gantry.contract.Fault;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.contract.ShellWorkloads;
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
    private static final ShellWorkloads SHELLS = new ShellWorkloads(Engine.IMAGE);

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

        @Override
        public Optional<Workload> workload(Behaviour behaviour) {
            return Optional.of(SHELLS.workload(behaviour));
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
}
