package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.StepContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was odd at a look at a backend, and at the look before. One look proves nothing: what is
 * being made, or removed, is odd for a moment.
 */
final class Sightings {
    private static final Logger log = LoggerFactory.getLogger(Sightings.class);

    private final Duration grace;
    private final String installation;

    /** By adapter, when each was seen first. */
    private final Map<String, Map<String, Instant>> known = new HashMap<>();

    private Map<String, Instant> before = Map.of();
    private Map<String, Instant> now = new HashMap<>();
    private Instant at = Instant.EPOCH;

    Sightings(Duration grace, String installation) {
        this.grace = grace;
        this.installation = installation;
    }

    /**
     * @param attempt 0 if its labels do not say what it is for
     */
    record Found(
            String kind,
            OwnedResource resource,
            ExecutionId execution,
            int step,
            int attempt,
            int shard) {
        boolean isNamed() {
            return attempt > 0;
        }

        Instant createdAt() {
            return resource.createdAt();
        }

        String name() {
            return kind + " " + resource.handle().externalName() + " attempt " + attempt;
        }

        String reason() {
            return isNamed() ? "no step wants it" : "its labels do not say which step it is for";
        }

        Ledger.Orphan orphan() {
            return new Ledger.Orphan(
                    execution,
                    step,
                    attempt,
                    shard,
                    kind,
                    resource.handle().externalName(),
                    createdAt());
        }
    }

    /** Null for what another installation made, or may have. */
    @Nullable Found read(String kind, OwnedResource resource, int shards) {
        Map<String, String> labels = resource.labels();
        String owner = labels.get(StepContext.LABEL_PREFIX + "installation");
        String name = resource.handle().externalName();
        if (!installation.equals(owner)) {
            log.debug("{} {} is of installation {} and left alone", kind, name, owner);
            return null;
        }
        Optional<ExecutionId> execution =
                ExecutionId.find(labels.getOrDefault(StepContext.LABEL_PREFIX + "execution", ""));
        int step = number(labels, "step");
        int attempt = number(labels, "attempt");
        if (execution.isEmpty() || step == 0 || attempt == 0) {
            UUID made =
                    UUID.nameUUIDFromBytes((kind + " " + name).getBytes(StandardCharsets.UTF_8));
            return new Found(kind, resource, new ExecutionId(made), 0, 0, 0);
        }
        return new Found(
                kind, resource, execution.get(), step, attempt, execution.get().shard(shards));
    }

    private static int number(Map<String, String> labels, String name) {
        try {
            int number =
                    Integer.parseInt(labels.getOrDefault(StepContext.LABEL_PREFIX + name, "0"));
            return Math.max(0, number);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** A look at a backend that has told what it has. */
    void begin(String kind, Instant time) {
        before = known.getOrDefault(kind, Map.of());
        now = new HashMap<>();
        at = time;
    }

    void end(String kind) {
        known.put(kind, now);
    }

    /**
     * Notes that it is odd now. True when it was at the look before, has been for the grace, and is
     * no younger than that itself.
     */
    boolean isDue(String name, Instant since) {
        Instant first = before.getOrDefault(name, at);
        now.put(name, first);
        return isSeenAgain(name)
                && !first.plus(grace).isAfter(at)
                && !since.plus(grace).isAfter(at);
    }

    boolean isSeenAgain(String name) {
        return before.containsKey(name);
    }
}
