package dev.gantry.contract;

/** An adapter that claims everything and keeps its promises passes the whole kit. */
class WorkingRunnerTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return new MemoryFixture(Defect.NONE);
    }
}
