package dev.gantry.orchestrator.id;

/** One version of one definition within a tenant. */
public record DefinitionRef(DefinitionKind kind, String namespace, String name, String version) {
    /** {@code namespace/name:version}. */
    @Override
    public String toString() {
        return namespace + "/" + name + ":" + version;
    }
}
