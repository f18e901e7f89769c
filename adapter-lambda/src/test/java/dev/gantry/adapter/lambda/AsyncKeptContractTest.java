package dev.gantry.adapter.lambda;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Capability;
import java.util.EnumSet;

/** Events whose ends are told in a queue and kept in a real S3, for whichever process goes on. */
class AsyncKeptContractTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return Kit.kept(
                Mode.ASYNC,
                EnumSet.of(
                        Capability.PROVISIONS_RESOURCES,
                        Capability.REATTACH,
                        Capability.IDEMPOTENT_TEARDOWN,
                        Capability.SCALE_TO_ZERO));
    }
}
