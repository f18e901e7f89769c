package dev.gantry.orchestrator.definition.expression;

import org.jspecify.annotations.Nullable;

/** What the names of a program stand for at one place while it runs; grows at its inner end. */
final class Env {
    final Budget budget;
    private final @Nullable Env outer;
    private final @Nullable Object name;
    private final @Nullable Object value;

    private Env(Budget budget, @Nullable Env outer, @Nullable Object name, @Nullable Object value) {
        this.budget = budget;
        this.outer = outer;
        this.name = name;
        this.value = value;
    }

    static Env empty(Budget budget) {
        return new Env(budget, null, null, null);
    }

    /**
     * @param name the very object that the parser made for this name
     */
    Env with(Object name, @Nullable Object value) {
        return new Env(budget, this, name, value);
    }

    /** As it was when the name was bound, this included; null if it is not bound. */
    // Equal names of different places must be told apart.
    @SuppressWarnings("ReferenceEquality")
    @Nullable Env at(Object name) {
        Env env = this;
        while (env != null && env.name != name) {
            env = env.outer;
        }
        return env;
    }

    @Nullable Object value(Object name) {
        Env env = at(name);
        return env == null ? null : env.value;
    }
}
