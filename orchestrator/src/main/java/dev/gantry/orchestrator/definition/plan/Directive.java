package dev.gantry.orchestrator.definition.plan;

/** Where control goes after a task. */
public sealed interface Directive {
    record Continue() implements Directive {}

    /** Completes the current scope. */
    record Exit() implements Directive {}

    /** Completes the whole workflow. */
    record End() implements Directive {}

    /**
     * @param index of the task in the same scope
     */
    record GoTo(int index) implements Directive {}

    Directive CONTINUE = new Continue();
    Directive EXIT = new Exit();
    Directive END = new End();
}
