package dev.gantry.contract;

/** The kit on a runner with a defect; run by {@link KitCatchesDefectsTest} and not by the build. */
class FaultySubject extends RunnerAdapterContract {
    static volatile Defect defect = Defect.NONE;

    @Override
    protected AdapterFixture fixture() {
        return new MemoryFixture(defect);
    }
}
