/**
 * What a definition compiles to: an immutable tree of tasks addressed by JSON Pointer, with
 * compiled expressions, schemas and policies. The engine interprets it; nothing here does anything.
 */
@NamedInterface("plan")
@NullMarked
package dev.gantry.orchestrator.definition.plan;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
