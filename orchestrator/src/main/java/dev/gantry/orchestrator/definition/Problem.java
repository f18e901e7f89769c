package dev.gantry.orchestrator.definition;

import org.jspecify.annotations.Nullable;

/**
 * One defect of a document.
 *
 * @param code stable, such as {@code unknown-property}
 * @param pointer JSON Pointer of the place
 * @param line from 1, 0 if it has no place
 * @param column from 1
 * @param message what is wrong, where
 * @param expected what would be right, or null
 * @param suggestion the mend, where it can be told, or null
 */
public record Problem(
        String code,
        String pointer,
        int line,
        int column,
        String message,
        @Nullable String expected,
        @Nullable String suggestion) {}
