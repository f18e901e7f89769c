package dev.gantry.orchestrator.cluster;

import java.util.UUID;

/**
 * This server process among those on the database.
 *
 * @param name unique among those that are alive
 * @param place where it keeps its data: who comes back from the same place is the same node, and
 *     goes on at once
 * @param process of this run
 * @param version of the software
 */
public record Node(String name, UUID place, UUID process, String version) {
    public Node {
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException(
                    "node name '%s': 1 to 200 characters expected".formatted(name));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
