package dev.gantry.orchestrator.definition.plan;

import org.jspecify.annotations.Nullable;

/** How data enters and leaves a task or workflow; what is null is the identity, or not checked. */
public record DataFlow(
        @Nullable Schema inputSchema,
        @Nullable Template inputFrom,
        @Nullable Template outputAs,
        @Nullable Schema outputSchema,
        @Nullable Template exportAs,
        @Nullable Schema exportSchema) {
    public static final DataFlow IDENTITY = new DataFlow(null, null, null, null, null, null);

    /** That of a task whose input alone is transformed. */
    static DataFlow of(@Nullable Template inputFrom) {
        return new DataFlow(null, inputFrom, null, null, null, null);
    }

    /** The same, with the input as it comes. */
    DataFlow withoutInput() {
        return new DataFlow(inputSchema, null, outputAs, outputSchema, exportAs, exportSchema);
    }
}
