package dev.gantry.adapter.k8sjob;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every adapter must prove, on a real cluster. */
class ClusterContractTest extends RunnerAdapterContract {
    private static @Nullable RealCluster cluster;
    private static @Nullable ClusterFixture fixture;

    @BeforeAll
    static void findCluster() {
        cluster = RealCluster.require();
        fixture = new ClusterFixture(cluster);
    }

    @AfterAll
    static void removeNamespace() {
        if (fixture != null) {
            fixture.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    protected AdapterFixture fixture() {
        return Objects.requireNonNull(fixture);
    }
}
