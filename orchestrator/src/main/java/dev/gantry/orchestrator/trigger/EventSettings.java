package dev.gantry.orchestrator.trigger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.events}.
 *
 * @param lookback how long before a task begins to listen an event may come and still be taken;
 *     events since the start of the execution are taken however long ago that is
 * @param retention how long events are kept, and their source and id known
 * @param chainLimit how many lifecycle events, one after another, may lead to an execution
 * @param poll how often events of other nodes are looked for
 */
@ConfigurationProperties(value = "gantry.events", ignoreUnknownFields = false)
record EventSettings(
        @DefaultValue("1m") Duration lookback,
        @DefaultValue("7d") Duration retention,
        @DefaultValue("5") int chainLimit,
        @DefaultValue("250ms") Duration poll) {}
