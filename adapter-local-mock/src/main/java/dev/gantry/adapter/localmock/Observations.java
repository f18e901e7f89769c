package dev.gantry.adapter.localmock;

import dev.gantry.spi.Outcome;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What this instance follows, to be told when something changes. */
final class Observations {
    private final ConcurrentMap<String, Set<Observation>> byName = new ConcurrentHashMap<>();

    CompletableFuture<Outcome> begin(String name, Observation observation) {
        byName.compute(
                name,
                (_, known) -> {
                    Set<Observation> all = known == null ? ConcurrentHashMap.newKeySet() : known;
                    all.add(observation);
                    return all;
                });
        CompletableFuture<Outcome> outcome = observation.begin();
        var _ = outcome.whenComplete((_, _) -> end(name, observation));
        return outcome;
    }

    private void end(String name, Observation observation) {
        byName.computeIfPresent(
                name,
                (_, all) -> {
                    all.remove(observation);
                    return all.isEmpty() ? null : all;
                });
    }

    void wake(String name) {
        byName.getOrDefault(name, Set.of()).forEach(Observation::wake);
    }

    void close() {
        byName.values().forEach(all -> all.forEach(Observation::close));
    }
}
