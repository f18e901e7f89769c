package dev.gantry.orchestrator.id;

import java.util.Locale;

/** What a definition describes. */
public enum DefinitionKind {
    WORKFLOW,
    FUNCTION;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
