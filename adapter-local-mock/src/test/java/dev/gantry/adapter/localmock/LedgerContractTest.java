package dev.gantry.adapter.localmock;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.RunnerAdapterContract;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The mock with a ledger behaves like a backend that survives. */
class LedgerContractTest extends RunnerAdapterContract {
    @TempDir Path folder;

    @Override
    protected AdapterFixture fixture() {
        return new OnLedger(folder.resolve("ledger.jsonl"));
    }

    private static final class OnLedger extends MockFixture {
        private final Path ledger;

        OnLedger(Path ledger) {
            this.ledger = ledger;
        }

        @Override
        public Set<Capability> claims() {
            Set<Capability> claims = super.claims();
            claims.add(Capability.PROVISIONS_RESOURCES);
            claims.add(Capability.REATTACH);
            return claims;
        }

        @Override
        LocalMock newMock(String installation, MockScript script) {
            return LocalMock.builder()
                    .installation(installation)
                    .script(script)
                    .ledger(ledger)
                    .build();
        }

        @Override
        public int runs(Attempt attempt) {
            return (int)
                    MockLedger.read(ledger)
                            .starts(attempt.externalName(), attempt.context().attempt());
        }

        @Override
        public boolean alive(Attempt attempt) {
            String installation = attempt.context().installation();
            try (LedgerResources facts =
                    new LedgerResources(new LedgerFile(ledger), installation)) {
                return isAlive(facts, attempt, Instant.now());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
