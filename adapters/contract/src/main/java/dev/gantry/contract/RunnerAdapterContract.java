package dev.gantry.contract;

import dev.gantry.spi.RunnerException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What every runner adapter must prove. A test class of the adapter extends this one and gives a
 * {@link AdapterFixture}; the tests come with it, each in the part of the contract that it belongs
 * to.
 *
 * <p>Claims are proved where they are made. Where one is not made, the kit proves that nothing
 * relies on it; where that cannot be shown, the test is reported as skipped, naming the claim.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
public abstract class RunnerAdapterContract
        implements CapabilityPart,
                CheckPart,
                RunPart,
                OutcomePart,
                ProvisionPart,
                ProbePart,
                ReattachPart,
                CancelPart,
                LogPart,
                FloodPart,
                ArtifactPart,
                LimitPart,
                UsagePart,
                ScriptPart,
                OwnershipPart,
                TeardownPart,
                FaultPart,
                ChaosPart {

    private @Nullable Bench bench;

    /** The adapter under test and its backend; called before each test. */
    protected abstract AdapterFixture fixture();

    @BeforeEach
    final void setUpBench() {
        bench = new Bench(fixture());
    }

    @AfterEach
    final void nothingIsLeftOnTheBackend() throws RunnerException {
        // There is none where a fixture is left out, as its backend is not there.
        if (bench != null) {
            bench.close();
        }
    }

    @Override
    public final Bench bench() {
        return Objects.requireNonNull(bench);
    }
}
