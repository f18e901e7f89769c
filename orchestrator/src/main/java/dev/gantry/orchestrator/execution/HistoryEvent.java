package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One journaled event.
 *
 * @param sequence position in the execution's history, from 1
 * @param type such as {@code StepScheduled}
 * @param task JSON Pointer, null for events of the whole execution
 * @param data the event's fields
 */
public record HistoryEvent(
        long sequence, Instant at, String type, @Nullable String task, JsonNode data) {}
