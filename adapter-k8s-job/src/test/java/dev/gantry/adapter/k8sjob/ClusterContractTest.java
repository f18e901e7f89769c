package dev.gantry.adapter.k8sjob;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What every adapter must prove, on a real cluster; a few tests at once, as pods take seconds. */
@Execution(ExecutionMode.CONCURRENT)
class ClusterContractTest extends RunnerAdapterContract {
    /** They measure heap or threads, and so run alone. */
    private static final Set<String> ALONE =
            Set.of(
                    "holdsBackAFloodWhileTheSinkIsBusy",
                    "holdsBackAFloodWhileTheCollectorIsBusy",
                    "holdsNoPlatformThreadPerStep");

    private static final ReentrantReadWriteLock LOCK = new ReentrantReadWriteLock(true);
    private static @Nullable RealCluster cluster;
    private static @Nullable ClusterFixture fixture;
    private @Nullable Lock held;

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

    @BeforeEach
    void waitForTurn(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        held = ALONE.contains(name) ? LOCK.writeLock() : LOCK.readLock();
        held.lock();
    }

    @AfterEach
    void endTurn() {
        Objects.requireNonNull(held).unlock();
    }

    @Override
    protected AdapterFixture fixture() {
        return Objects.requireNonNull(fixture);
    }
}
