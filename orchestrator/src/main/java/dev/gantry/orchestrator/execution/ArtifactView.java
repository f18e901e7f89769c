package dev.gantry.orchestrator.execution;

import java.time.Instant;

/** An output file of a step. */
public record ArtifactView(int attempt, String path, long sizeBytes, Instant at) {}
