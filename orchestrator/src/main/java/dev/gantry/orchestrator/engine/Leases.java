package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.DefinitionRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an execution's steps may hold on backends, kept in step with the events. Nothing but events
 * goes in, so that it can be made again from the journal at any time.
 */
public final class Leases {
    private final Map<Key, Lease> open = new HashMap<>();

    private record Key(int step, int attempt) {}

    /**
     * @param isGone whether nothing of it is left
     */
    public record Change(Lease lease, boolean isGone) {}

    /** What the state says, as if its events had been applied. */
    static Leases of(ExecutionState state, Predicate<String> provisions) {
        Leases leases = new Leases();
        state.unreleased.forEach((step, left) ->
                leases.put(
                        new Lease(
                                step,
                                left.attempt(),
                                left.adapter(),
                                null,
                                Lease.State.RELEASING,
                                null)));
        for (Frame frame : state.frames.values()) {
            if (frame.work instanceof Work.Step step
                    && ExecutionState.isActiveStep(frame)
                    && provisions.test(step.adapter)) {
                leases.put(
                        new Lease(
                                frame.id,
                                step.attempt,
                                step.adapter,
                                state.function(frame.id),
                                step.handle == null ? Lease.State.HELD : Lease.State.PROVISIONED,
                                null));
            }
        }
        return leases;
    }

    /** Those that are open, to be stored where they are not. */
    public List<Change> all() {
        return open.values().stream().map(lease -> new Change(lease, false)).toList();
    }

    /**
     * @param function that a step calls, or null; asked for steps that are under way
     * @param provisions whether what an adapter runs is a resource of its backend
     */
    public List<Change> apply(
            List<Event> events,
            IntFunction<@Nullable DefinitionRef> function,
            Predicate<String> provisions) {
        List<Change> changes = List.of();
        for (Event event : events) {
            Change change = change(event, function, provisions);
            if (change != null) {
                changes = changes.isEmpty() ? new ArrayList<>() : changes;
                changes.add(change);
            }
        }
        return changes;
    }

    private @Nullable Change change(
            Event event,
            IntFunction<@Nullable DefinitionRef> function,
            Predicate<String> provisions) {
        return switch (event) {
            case Event.StepScheduled e when provisions.test(e.adapter()) ->
                    put(
                            new Lease(
                                    e.frame(),
                                    e.attempt(),
                                    e.adapter(),
                                    function.apply(e.frame()),
                                    Lease.State.HELD,
                                    null));
            case Event.StepProvisioned e ->
                    move(e.frame(), e.attempt(), Lease.State.PROVISIONED, null);
            case Event.StepUncollected e ->
                    move(e.frame(), e.attempt(), Lease.State.UNCOLLECTED, e.code());
            case Event.StepEnded e when e.released() -> gone(e.frame(), e.attempt());
            case Event.StepEnded e when e.uncollected() != null ->
                    left(e.frame(), e.attempt(), Lease.State.UNCOLLECTED, e.uncollected());
            case Event.StepEnded e -> move(e.frame(), e.attempt(), Lease.State.RELEASING, null);
            case Event.StepReleased e -> gone(e.step(), e.attempt());
            case Event.StepReleaseFailed e ->
                    left(e.step(), e.attempt(), Lease.State.RELEASE_FAILED, e.code());
            default -> null;
        };
    }

    private Change put(Lease lease) {
        open.put(new Key(lease.step(), lease.attempt()), lease);
        return new Change(lease, false);
    }

    private @Nullable Change move(
            int step, int attempt, Lease.State state, @Nullable String reason) {
        Lease known = open.get(new Key(step, attempt));
        return known == null ? null : put(known.now(state, reason));
    }

    private @Nullable Change gone(int step, int attempt) {
        Lease known = open.remove(new Key(step, attempt));
        return known == null ? null : new Change(known, true);
    }

    /** Nothing that happens to the execution changes it any more. */
    private @Nullable Change left(int step, int attempt, Lease.State state, String reason) {
        Lease known = open.remove(new Key(step, attempt));
        return known == null ? null : new Change(known.now(state, reason), false);
    }
}
