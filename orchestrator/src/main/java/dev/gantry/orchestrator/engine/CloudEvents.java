package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stored events in the order in which they became durable, and who listens. */
public interface CloudEvents {
    /** Offers to workflows that events start have a cursor of their own, beside the shards'. */
    int STARTS = -1;

    /**
     * Stores events, all or none; those whose source and id are known are left out.
     *
     * @param events CloudEvents as objects, with {@code source}, {@code id} and {@code type}
     * @return how many were new
     */
    int add(TenantId tenant, Initiator initiator, List<JsonNode> events);

    record Stored(long position, TenantId tenant, String type, JsonNode event) {}

    /** Of all tenants, in order. */
    List<Stored> after(long position, int limit);

    /**
     * A tenant's, in order.
     *
     * @param type null for all
     */
    List<Stored> since(
            TenantId tenant, @Nullable String type, Instant received, long after, int limit);

    /** The position of the newest event, 0 if there is none. */
    long newest();

    /** Of a cursor that is not there yet the newest position, at which it begins. */
    Map<Integer, Long> cursors(Collection<Integer> shards);

    /** Moves cursors on; those of shards whose epoch is not the given one stay. */
    void advance(Map<Integer, Long> epochs, long position);

    /** Moves the cursor of {@link #STARTS} on. */
    void advanceStarts(long position);

    /** One filter of one definition's listen task. */
    record Matcher(DefinitionRef definition, String pointer, int filter) {}

    /** The filters that executions of the tenant listen by, for a type and for every type. */
    List<Matcher> matchers(TenantId tenant, String type);

    /**
     * Executions that listen by a filter and have been offered what came before, in pages by id.
     *
     * @param correlation null for all; otherwise those that expect this, or anything
     */
    List<ExecutionId> listening(
            TenantId tenant,
            String type,
            Matcher matcher,
            @Nullable String correlation,
            Collection<Integer> shards,
            @Nullable ExecutionId after,
            int limit);

    /**
     * A listener that has not been offered earlier events.
     *
     * @param type null for every type
     * @param correlation null if it is not known
     */
    record Fresh(
            ExecutionId execution,
            int frame,
            int filter,
            TenantId tenant,
            @Nullable String type,
            Matcher matcher,
            @Nullable String correlation,
            Instant startedAt,
            Instant openedAt) {}

    List<Fresh> fresh(Collection<Integer> shards, int limit);

    void caughtUp(List<Fresh> listeners);

    /** A correlation as {@link Fresh} has it: a long one is stored by its digest. */
    String stored(String correlation);

    /**
     * Keeps an event for a workflow that several start together.
     *
     * @param size how many filters there are
     * @param filters that the event fits; it counts for one of them
     * @param correlation what the events of one start have in common, empty for nothing
     * @return one event for each filter, in order, if that makes a start; otherwise nothing
     */
    List<Stored> collect(
            Stored event,
            DefinitionRef workflow,
            int size,
            Collection<Integer> filters,
            String correlation);

    /** The events have started the workflow and do not count any more. */
    void started(DefinitionRef workflow, List<Stored> events);

    /** Removes events that are older than this and have been offered to everybody. */
    int purge(Duration age);
}
