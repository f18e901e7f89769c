package dev.gantry.orchestrator.definition.document;

/** Where something stands in a document; lines and columns count from 1. */
public record Place(int line, int column) {
    public static final Place NOWHERE = new Place(0, 0);
}
