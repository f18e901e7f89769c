package dev.gantry.orchestrator.definition.plan;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which errors a {@code catch} takes; what is null is not looked at.
 *
 * @param types every spelling of the wanted type (the standard base URI changed over time), or
 *     empty
 */
public record ErrorFilter(
        Set<String> types,
        @Nullable Integer status,
        @Nullable String instance,
        @Nullable String title,
        @Nullable String detail) {
    public static final ErrorFilter ANY = new ErrorFilter(Set.of(), null, null, null, null);

    public boolean matches(WorkflowError error) {
        return (types.isEmpty() || types.contains(error.type()))
                && (status == null || status == error.status())
                && (instance == null || instance.equals(error.instance()))
                && (title == null || title.equals(error.title()))
                && (detail == null || detail.equals(error.detail()));
    }
}
