package dev.gantry.adapter.localmock;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The mock without a ledger claims nothing that outlives the process. */
class InMemoryContractTest extends RunnerAdapterContract {
    @Override
    protected AdapterFixture fixture() {
        return new InMemory();
    }

    private static final class InMemory extends MockFixture {
        private final List<Attempt> begun = new CopyOnWriteArrayList<>();
        private final List<Resources> stores = new CopyOnWriteArrayList<>();

        @Override
        LocalMock newMock(String installation, MockScript script) {
            Resources resources = new Resources.InMemory();
            stores.add(resources);
            return LocalMock.builder()
                    .installation(installation)
                    .script(script)
                    .onRun(begun::add)
                    .build(resources);
        }

        @Override
        public int runs(Attempt attempt) {
            return (int)
                    begun.stream()
                            .filter(it -> it.externalName().equals(attempt.externalName()))
                            .filter(it -> it.context().equals(attempt.context()))
                            .count();
        }

        @Override
        public boolean alive(Attempt attempt) {
            Instant now = Instant.now();
            return stores.stream().anyMatch(store -> isAlive(store, attempt, now));
        }
    }
}
