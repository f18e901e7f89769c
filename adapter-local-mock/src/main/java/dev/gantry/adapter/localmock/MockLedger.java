package dev.gantry.adapter.localmock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a ledger tells: for tests that count at the runner what was run, over all processes. */
public final class MockLedger {
    private final List<Entry> entries;

    private MockLedger(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * @param event {@code provisioned}, {@code started}, {@code cancelled}, {@code ended}, {@code
     *     teardown-failed} or {@code torn-down}
     * @param name the external name
     */
    public record Entry(
            Instant at,
            String event,
            String installation,
            String name,
            int attempt,
            String idempotencyKey) {}

    /**
     * Reads what is there now; a line that is not whole is left out.
     *
     * @param fileOrFolder as in the setting {@code ledger}
     * @throws UncheckedIOException when it cannot be read
     */
    public static MockLedger read(Path fileOrFolder) {
        try (LedgerFile file = new LedgerFile(fileOrFolder)) {
            return new MockLedger(file.readNew().stream().map(MockLedger::entry).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("ledger '%s' cannot be read".formatted(fileOrFolder), e);
        }
    }

    private static Entry entry(Event event) {
        Identity id = event.id();
        return new Entry(
                event.at(),
                event.label(),
                id.installation(),
                id.name(),
                id.attempt(),
                id.idempotencyKey());
    }

    /** In the order in which they happened. */
    public List<Entry> entries() {
        return entries;
    }

    /** How often a workload was started for each idempotency key, whatever the attempt. */
    public Map<String, Integer> startsByIdempotencyKey() {
        Map<String, Integer> starts = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.event().equals("started")) {
                starts.merge(entry.idempotencyKey(), 1, Integer::sum);
            }
        }
        return starts;
    }

    /** How often this attempt was started. */
    public long starts(String name, int attempt) {
        return entries.stream()
                .filter(it -> it.event().equals("started"))
                .filter(it -> it.name().equals(name) && it.attempt() == attempt)
                .count();
    }
}
