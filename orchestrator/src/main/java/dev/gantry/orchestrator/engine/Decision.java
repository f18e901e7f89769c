package dev.gantry.orchestrator.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message led to.
 *
 * @param events to be journaled; the state has them folded in already
 * @param aside what belongs to the events, for readers
 * @param commands to be carried out once the events are durable
 * @param refused why the message was refused, or null; then there are no events
 */
public record Decision(
        List<Event> events, Aside aside, List<Command> commands, @Nullable String refused) {
    static Decision refuse(String why) {
        return new Decision(List.of(), Aside.NONE, List.of(), why);
    }
}
