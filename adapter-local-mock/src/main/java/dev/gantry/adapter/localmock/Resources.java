package dev.gantry.adapter.localmock;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The resources that the mock pretends to have: one for each external name. */
interface Resources extends AutoCloseable {

    /**
     * Looks at what is known, and records what the decision says, with nobody in between.
     *
     * @param decision may be asked several times
     */
    Decided decide(String name, Function<@Nullable Resource, @Nullable Event> decision);

    /**
     * @param facts what is known afterwards
     * @param event what was decided, if anything
     */
    record Decided(@Nullable Resource facts, @Nullable Event event) {}

    @Nullable Resource find(String name);

    List<Resource> all();

    /** Whether resources are kept for others, who may change them at any time. */
    boolean areShared();

    @Override
    void close();

    /** Resources of this instance, gone with it. */
    final class InMemory implements Resources {
        private final ConcurrentMap<String, Resource> resources = new ConcurrentHashMap<>();

        @Override
        public Decided decide(String name, Function<@Nullable Resource, @Nullable Event> decision) {
            while (true) {
                Resource before = resources.get(name);
                Event event = decision.apply(before);
                Resource after = event == null ? before : Event.apply(before, event);
                if (swap(name, before, after)) {
                    return new Decided(after, event);
                }
            }
        }

        private boolean swap(String name, @Nullable Resource before, @Nullable Resource after) {
            if (before == null) {
                return after == null || resources.putIfAbsent(name, after) == null;
            }
            return after == null
                    ? resources.remove(name, before)
                    : resources.replace(name, before, after);
        }

        @Override
        public @Nullable Resource find(String name) {
            // Most steps leave no trace here, and asking the size is cheaper than hashing a name.
            return resources.isEmpty() ? null : resources.get(name);
        }

        @Override
        public List<Resource> all() {
            return List.copyOf(resources.values());
        }

        @Override
        public boolean areShared() {
            return false;
        }

        @Override
        public void close() {}
    }
}
