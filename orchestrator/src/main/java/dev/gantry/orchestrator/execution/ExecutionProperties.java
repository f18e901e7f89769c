package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Circumstances;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.execution}.
 *
 * @param shards a power of two, fixed when the installation is created
 * @param lanes single-writer loops of this node
 * @param node name of this node, unique among those on the database; null for one that is made of
 *     the host's name and kept in the data folder
 * @param lease how long a node that does not answer keeps its shards
 * @param queueCapacity messages that wait for one lane before starts are refused
 * @param startPatience a start that would wait longer for its confirmation is refused
 * @param batchSize messages that one commit takes at most
 * @param parkedInMemory waiting executions that a lane keeps at hand
 * @param maxDuration of an execution; no document exceeds it (BR-029)
 * @param idempotencyWindow how long an idempotency key is remembered
 * @param maxInputBytes of a start
 * @param maxOutputBytes of a step
 * @param maxLogBytes of an attempt
 * @param maxArtifactBytes of an attempt
 * @param maxTasks that one execution enters; more is an endless loop
 * @param maxRetries of one retry policy, whatever it says
 * @param adapterPatience how long a step waits for an adapter that is away
 * @param maxHeld steps that wait so on this node before events start no more
 * @param stepTimeout of an attempt for which no document says a time
 * @param maxStepTimeout of any attempt
 * @param cancelGrace between asking and force
 * @param reapInterval between two looks for resources that lost their owner; zero to never look
 * @param reapGrace for how long a resource must be there, and be seen without a lease, before it is
 *     removed; and for how long a lease's resource must be away before that is told
 * @param reaped how long what was removed so stays listed
 * @param drain how long a stop waits for calls under way that no other process could take up
 * @param lifecycleEvents whether the start and the end of every execution, and what is between, are
 *     sent as events that workflows can listen to; {@code GET /v1/executions/{id}/lifecycle} tells
 *     them in any case
 * @param crashes for tests, in development only and with one lane: after every commit this process
 *     forgets everything, as if it were killed and started again
 * @param shellImage runs {@code run: shell} and {@code run: script} in {@code shell}
 * @param pythonImage runs Python scripts
 * @param javascriptImage runs JavaScript scripts
 */
@ConfigurationProperties(value = "gantry.execution", ignoreUnknownFields = false)
public record ExecutionProperties(
        @DefaultValue("16") int shards,
        @DefaultValue("4") int lanes,
        @Nullable String node,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("50000") int queueCapacity,
        @DefaultValue("1s") Duration startPatience,
        @DefaultValue("1000") int batchSize,
        @DefaultValue("2500") int parkedInMemory,
        @DefaultValue("90d") Duration maxDuration,
        @DefaultValue("7d") Duration idempotencyWindow,
        @DefaultValue("4194304") long maxInputBytes,
        @DefaultValue("4194304") long maxOutputBytes,
        @DefaultValue("268435456") long maxLogBytes,
        @DefaultValue("268435456") long maxArtifactBytes,
        @DefaultValue("1000000") int maxTasks,
        @DefaultValue("1000") int maxRetries,
        @DefaultValue("1h") Duration adapterPatience,
        @DefaultValue("10000") int maxHeld,
        @DefaultValue("5m") Duration stepTimeout,
        @DefaultValue("24h") Duration maxStepTimeout,
        @DefaultValue("10s") Duration cancelGrace,
        @DefaultValue("30s") Duration reapInterval,
        @DefaultValue("1m") Duration reapGrace,
        @DefaultValue("7d") Duration reaped,
        @DefaultValue("20s") Duration drain,
        @DefaultValue("false") boolean lifecycleEvents,
        @DefaultValue("false") boolean crashes,
        @DefaultValue("busybox") String shellImage,
        @DefaultValue("python:3.13-slim") String pythonImage,
        @DefaultValue("node:22-slim") String javascriptImage) {

    Circumstances.Limits decisionLimits() {
        Circumstances.Limits usual = Circumstances.Limits.DEFAULT;
        // Where every commit is followed by a crash: as many commits as there can be.
        int events = crashes ? 1 : usual.eventsPerDecision();
        return new Circumstances.Limits(events, maxTasks, usual.platformAttempts(), maxRetries);
    }
}
