package dev.gantry.orchestrator.definition.plan;

/** How a call proves who it is. Worked out for each attempt; its values are never journaled. */
public sealed interface Authentication {
    record Basic(Template username, Template password) implements Authentication {}

    record Bearer(Template token) implements Authentication {}
}
