package dev.gantry.adapter.localmock;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import java.nio.file.Path;

/**
 * A process that runs one step each millisecond, and takes the number of the millisecond for the
 * step's: several of them race for every step. It goes on until it is killed.
 */
final class LedgerRacer {
    private LedgerRacer() {}

    public static void main(String[] arguments) throws Exception {
        Path ledger = Path.of(arguments[0]);
        long firstMillis = Long.parseLong(arguments[1]);
        try (LocalMock mock = LocalMock.builder().installation("test").ledger(ledger).build()) {
            for (long before = 0; ; ) {
                long now = System.currentTimeMillis();
                if (now == before) {
                    Thread.onSpinWait();
                    continue;
                }
                before = now;
                Attempt attempt = step(now - firstMillis);
                Handle handle = mock.provision(attempt);
                mock.run(handle, attempt, new Sink()).join();
            }
        }
    }

    static Attempt step(long number) {
        return Attempts.CHARGE.iteration(Long.toString(number)).build();
    }
}
