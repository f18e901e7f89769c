package dev.gantry.adapter.lambda;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.Behaviour;
import dev.gantry.contract.Fault;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** Calls that wait for their answer, on real functions. */
class SyncContractTest extends RunnerAdapterContract {
    private Kit kit = new Kit();

    @BeforeEach
    void requireFunctions() {
        Aws.require();
    }

    @Override
    protected AdapterFixture fixture() {
        return kit;
    }

    private static final class Kit implements AdapterFixture {
        @Override
        public String kind() {
            return "lambda";
        }

        @Override
        public Set<RuntimeClass> runtimeClasses() {
            return EnumSet.of(RuntimeClass.FAAS);
        }

        @Override
        public Set<Capability> claims() {
            return EnumSet.of(Capability.IDEMPOTENT_TEARDOWN, Capability.SCALE_TO_ZERO);
        }

        @Override
        public RunnerAdapter newAdapter(String installation) {
            return Aws.adapter(Aws.require().endpoint);
        }

        @Override
        public Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
            return switch (fault) {
                case REPLY_LOST_AFTER_CREATE -> Optional.empty();
                case CONNECTION_LOST_WHILE_RUNNING ->
                        Optional.of(
                                Aws.adapter(
                                        new Proxy(
                                                        Aws.require().endpoint,
                                                        Proxy.Kind.CUT,
                                                        Duration.ofSeconds(1))
                                                .endpoint()));
                case BACKEND_DOWN -> Optional.of(Aws.adapter("http://127.0.0.1:1"));
            };
        }

        @Override
        public Optional<Workload> workload(Behaviour behaviour) {
            return KitFunctions.body(behaviour)
                    .map(body -> Aws.require().shared(body, KitFunctions.timeout(behaviour)))
                    .map(name -> Steps.function(name, "mode", "sync"));
        }

        @Override
        public Optional<Workload.Function> function() {
            return Optional.of(
                    new Workload.Function(
                            "kit/step",
                            "1.0.0",
                            Map.of(
                                    "functionName",
                                    "charge",
                                    "qualifier",
                                    "live",
                                    "mode",
                                    "sync",
                                    "tenantId",
                                    "{tenant}",
                                    "ids",
                                    "none")));
        }

        @Override
        public int runs(Attempt attempt) {
            return KitFunctions.runs(attempt);
        }

        @Override
        public boolean alive(Attempt attempt) {
            throw new IllegalStateException("asked only of what can be cancelled");
        }

        @Override
        public Optional<Duration> overdue() {
            return Optional.of(Duration.ofSeconds(20));
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(60);
        }

        @Override
        public int crowd() {
            return 4;
        }
    }
}
