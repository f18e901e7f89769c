package dev.gantry.contract;

/** An adapter that claims nothing passes the kit too: what it does not claim is not asked of it. */
class ModestRunnerTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return MemoryFixture.modest();
    }
}
