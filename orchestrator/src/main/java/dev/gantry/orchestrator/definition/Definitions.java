package dev.gantry.orchestrator.definition;

import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.spi.TeardownException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The registry of workflows and functions; versions are immutable. Every call is for one tenant.
 */
public interface Definitions {

    /** Everything that is wrong with a document; registers nothing. */
    Report validate(TenantId tenant, byte[] document);

    /**
     * @param ref what it says it is, if it says so
     * @param warnings of what is right, and probably not meant
     */
    record Report(@Nullable DefinitionRef ref, List<Problem> problems, List<Problem> warnings) {
        public boolean isValid() {
            return problems.isEmpty();
        }
    }

    /** Registers a document, whole or not at all. */
    Published publish(TenantId tenant, String by, byte[] document, Format format);

    enum Format {
        YAML,
        JSON
    }

    sealed interface Published {
        record New(Definition definition, List<Problem> warnings) implements Published {}

        /** The same content is registered already. */
        record Same(Definition definition, List<Problem> warnings) implements Published {}

        /** Other content is registered under the version; versions never change. */
        record Conflict(Definition registered) implements Published {}

        record Invalid(List<Problem> problems) implements Published {}
    }

    /**
     * One registered version.
     *
     * @param digest {@code sha256:} and the hash of the canonical content
     */
    record Definition(
            DefinitionRef ref,
            String digest,
            boolean enabled,
            Format format,
            String publishedBy,
            Instant publishedAt) {}

    /**
     * @param document as it was published
     */
    record Text(Definition definition, byte[] document) {
        public Text {
            document = document.clone();
        }
    }

    /**
     * The latest version of each, by name. A page is never cut within a name: where a workflow and
     * a function share the last one, it has one entry more.
     *
     * @param kind null for both
     * @param namespace null for all
     * @param after {@code namespace/name} where the page before ended
     */
    List<Definition> list(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            @Nullable String namespace,
            @Nullable String after,
            int limit);

    /** Newest version first; both kinds have names of their own. */
    List<Definition> versions(TenantId tenant, DefinitionKind kind, String namespace, String name);

    Optional<Text> find(TenantId tenant, DefinitionRef ref);

    /** The latest enabled version of every workflow that events start. */
    List<DefinitionRef> startedByEvents(TenantId tenant);

    /** Whether new executions may start; false if there is no such version. */
    boolean enable(TenantId tenant, DefinitionRef ref, boolean enabled, String by);

    /**
     * Takes the version away, and what adapters have deployed for it; executions that run keep
     * theirs. False if there is no such version.
     *
     * @throws TeardownException when a backend does not do its part now; the version is still there
     */
    boolean delete(TenantId tenant, DefinitionRef ref, String by) throws TeardownException;

    /**
     * What was done to the versions of a name, the newest first; what is deleted is not forgotten.
     *
     * @param kind null for both
     * @param before the {@code id} where the page before ended; null for the newest
     */
    List<Change> changes(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            String namespace,
            String name,
            @Nullable Long before,
            int limit);

    /**
     * @param id grows with time
     */
    record Change(
            long id, DefinitionRef ref, String digest, Action action, String by, Instant at) {}

    enum Action {
        PUBLISHED,
        ENABLED,
        DISABLED,
        DELETED,
        /** Published with the same content after it was deleted. */
        RESTORED
    }

    /**
     * @param version null for the latest that is enabled
     */
    Resolution resolve(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version);

    sealed interface Resolution {
        record Found(DefinitionRef ref) implements Resolution {}

        record Disabled(String reason) implements Resolution {}

        record Missing(String reason) implements Resolution {}
    }
}
