package dev.gantry.orchestrator.mask;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Masks that were made lately: an attempt of each step asks for the same one. */
final class Masks {
    private static final int MOST = 256;

    /** Of about 22 bytes each. */
    private static final int MOST_NODES = 2_000_000;

    private static final Map<Set<String>, Mask> KNOWN = new LinkedHashMap<>(16, 0.75f, true);
    private static int nodes;

    private Masks() {}

    static Mask get(Set<String> secrets, Function<Set<String>, Mask> maker) {
        synchronized (KNOWN) {
            Mask known = KNOWN.get(secrets);
            if (known != null) {
                return known;
            }
        }
        Set<String> key = Set.copyOf(secrets);
        Mask made = maker.apply(key);
        synchronized (KNOWN) {
            Mask other = KNOWN.putIfAbsent(key, made);
            if (other != null) {
                return other;
            }
            nodes += made.size();
            Iterator<Mask> eldest = KNOWN.values().iterator();
            while (KNOWN.size() > 1 && (KNOWN.size() > MOST || nodes > MOST_NODES)) {
                nodes -= eldest.next().size();
                eldest.remove();
            }
        }
        return made;
    }
}
