package dev.gantry.orchestrator.execution;

import dev.gantry.orchestrator.engine.Command;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Message;

/** The start of an execution that another one runs, with what it inherits. */
final class ChildStart {
    private ChildStart() {}

    static Letter of(ExecutionNode node, LiveExecution parent, Command.StartChild child) {
        Journal.Head head =
                new Journal.Head(
                        child.child(),
                        parent.head.tenant(),
                        parent.head.initiator(),
                        child.child().shard(node.properties().shards()),
                        child.workflow(),
                        parent.correlationId(),
                        parent.head.id(),
                        node.clock().instant());
        Event.ExecutionStarted started =
                new Event.ExecutionStarted(
                        head.tenant().value(),
                        child.workflow(),
                        child.input(),
                        parent.correlationId(),
                        head.initiator().toString(),
                        parent.traceparent(),
                        parent.state.started().deadline(),
                        parent.head.id(),
                        child.frame(),
                        parent.state.started().chain());
        return Letter.start(node.fresh(head), new Message.Start(started), true, null);
    }
}
