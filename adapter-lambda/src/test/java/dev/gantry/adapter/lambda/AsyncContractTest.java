package dev.gantry.adapter.lambda;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Capability;
import java.util.EnumSet;

/** Events whose ends are told in a queue, on real functions. */
class AsyncContractTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return new Kit(
                Mode.ASYNC, EnumSet.of(Capability.IDEMPOTENT_TEARDOWN, Capability.SCALE_TO_ZERO));
    }
}
