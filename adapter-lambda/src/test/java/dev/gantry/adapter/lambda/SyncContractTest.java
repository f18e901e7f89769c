package dev.gantry.adapter.lambda;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Capability;
import java.util.EnumSet;

/** Calls that wait for their answer, on real functions. */
class SyncContractTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return new Kit(
                Mode.SYNC, EnumSet.of(Capability.IDEMPOTENT_TEARDOWN, Capability.SCALE_TO_ZERO));
    }
}
