package dev.gantry.adapter.lambda;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Capability;
import java.util.EnumSet;

/** Executions with names, on real functions and AWS's own runner. */
class DurableContractTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return new Kit(
                Mode.DURABLE,
                EnumSet.of(
                        Capability.REATTACH,
                        Capability.CANCEL,
                        Capability.IDEMPOTENT_TEARDOWN,
                        Capability.SCALE_TO_ZERO));
    }
}
