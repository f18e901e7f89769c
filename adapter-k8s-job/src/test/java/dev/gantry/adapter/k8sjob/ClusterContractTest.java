package dev.gantry.adapter.k8sjob;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.RunnerException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What every adapter must prove, on a real cluster; a few tests at once, as pods take seconds. */
@Execution(ExecutionMode.CONCURRENT)
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

    // Heap and threads are measured where nothing else runs.

    @Override
    @Test
    @ResourceLock(Resources.GLOBAL)
    public void holdsBackAFloodWhileTheSinkIsBusy() throws Exception {
        super.holdsBackAFloodWhileTheSinkIsBusy();
    }

    @Override
    @Test
    @ResourceLock(Resources.GLOBAL)
    public void holdsBackAFloodWhileTheCollectorIsBusy() throws Exception {
        super.holdsBackAFloodWhileTheCollectorIsBusy();
    }

    @Override
    @Test
    @ResourceLock(Resources.GLOBAL)
    public void holdsNoPlatformThreadPerStep() throws RunnerException {
        super.holdsNoPlatformThreadPerStep();
    }
}
