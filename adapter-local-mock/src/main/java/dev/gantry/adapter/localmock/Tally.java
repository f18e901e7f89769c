package dev.gantry.adapter.localmock;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts how often a scripted fault took place, for the latest steps. */
final class Tally {
    private static final int STEPS = 100_000;

    private final Map<String, Integer> counts =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > STEPS;
                }
            };

    /** Whether it is one of the first {@code times} for this step; counts it if so. */
    boolean isDue(String fault, String step, int times) {
        return times > 0 && count(fault, step, times);
    }

    private synchronized boolean count(String fault, String step, int times) {
        String key = fault + " " + step;
        int before = counts.getOrDefault(key, 0);
        if (before >= times) {
            return false;
        }
        counts.put(key, before + 1);
        return true;
    }
}
