package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.runner.Runners;
import dev.gantry.spi.Capabilities;
import dev.gantry.spi.Capability;
import dev.gantry.spi.Health;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two adapters to look at, one of them without its backend. */
final class FakeRunners implements Runners {
    @Override
    public List<AdapterView> list() {
        return List.of(
                new AdapterView(
                        "local-mock",
                        new Capabilities(
                                Set.of(RuntimeClass.FAAS, RuntimeClass.CONTAINER),
                                Set.of(Capability.CANCEL),
                                64),
                        Health.connected("in process"),
                        Instant.EPOCH,
                        3,
                        1),
                new AdapterView(
                        "docker",
                        new Capabilities(Set.of(RuntimeClass.CONTAINER), Set.of(), 8),
                        Health.disconnected("no daemon at unix:///var/run/docker.sock"),
                        Instant.EPOCH,
                        0,
                        0));
    }

    @Override
    public RunnerAdapter adapter(String kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Health health(String kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Placement place(TenantId tenant, Need need) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Instant awaySince(String kind) {
        return null;
    }

    @Override
    public void doubt(String kind) {}

    @Override
    public Claim claim(String kind, @Nullable Limit limit, Holder holder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Slot hold(String kind, @Nullable Limit limit, Holder holder) {
        throw new UnsupportedOperationException();
    }
}
