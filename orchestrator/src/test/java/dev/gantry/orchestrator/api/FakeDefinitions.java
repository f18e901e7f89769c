package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.Problem;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Definitions whose documents are {@code kind namespace name version}, and invalid otherwise. */
final class FakeDefinitions implements Definitions {
    private final Map<String, Text> all = new ConcurrentSkipListMap<>();
    private final Deque<Map.Entry<TenantId, Change>> changes = new ConcurrentLinkedDeque<>();

    private static String key(TenantId tenant, DefinitionRef ref) {
        return tenant + " " + ref.kind() + " " + ref;
    }

    @Override
    public Report validate(TenantId tenant, byte[] document) {
        DefinitionRef ref = read(document);
        return new Report(ref, ref == null ? List.of(defect()) : List.of(), List.of());
    }

    private static Problem defect() {
        return new Problem(
                "unknown-property", "/do/0/x", 3, 5, "unknown property 'x'", "a task", "'y'");
    }

    private static @Nullable DefinitionRef read(byte[] document) {
        String[] words = new String(document, StandardCharsets.UTF_8).split("\\s+", -1);
        return words.length < 4
                ? null
                : new DefinitionRef(
                        words[0].equals("function")
                                ? DefinitionKind.FUNCTION
                                : DefinitionKind.WORKFLOW,
                        words[1],
                        words[2],
                        words[3]);
    }

    @Override
    public Published publish(TenantId tenant, String by, byte[] document, Format format) {
        DefinitionRef ref = read(document);
        if (ref == null) {
            return new Published.Invalid(List.of(defect()));
        }
        Definition definition =
                new Definition(
                        ref,
                        "sha256:" + Arrays.hashCode(document),
                        true,
                        format,
                        by,
                        Instant.EPOCH);
        Text there = all.putIfAbsent(key(tenant, ref), new Text(definition, document));
        if (there == null) {
            note(tenant, ref, Action.PUBLISHED, by);
            return new Published.New(definition, List.of());
        }
        return Arrays.equals(there.document(), document)
                ? new Published.Same(there.definition(), List.of())
                : new Published.Conflict(there.definition());
    }

    @Override
    public List<Definition> list(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            @Nullable String namespace,
            @Nullable String after,
            int limit) {
        return mine(tenant)
                .filter(d -> kind == null || d.ref().kind() == kind)
                .filter(d -> namespace == null || d.ref().namespace().equals(namespace))
                .filter(d -> after == null || name(d).compareTo(after) > 0)
                .sorted(Comparator.comparing(FakeDefinitions::name))
                .limit(limit)
                .toList();
    }

    private static String name(Definition definition) {
        return definition.ref().namespace() + "/" + definition.ref().name();
    }

    private Stream<Definition> mine(TenantId tenant) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(tenant + " "))
                .map(entry -> entry.getValue().definition());
    }

    @Override
    public List<Definition> versions(
            TenantId tenant, DefinitionKind kind, String namespace, String name) {
        return mine(tenant)
                .filter(d -> d.ref().kind() == kind && name(d).equals(namespace + "/" + name))
                .sorted(Comparator.comparing((Definition d) -> d.ref().version()).reversed())
                .toList();
    }

    @Override
    public Optional<Text> find(TenantId tenant, DefinitionRef ref) {
        return Optional.ofNullable(all.get(key(tenant, ref)));
    }

    @Override
    public boolean enable(TenantId tenant, DefinitionRef ref, boolean enabled, String by) {
        note(tenant, ref, enabled ? Action.ENABLED : Action.DISABLED, by);
        return all.computeIfPresent(
                        key(tenant, ref),
                        (_, text) -> {
                            Definition d = text.definition();
                            return new Text(
                                    new Definition(
                                            d.ref(),
                                            d.digest(),
                                            enabled,
                                            d.format(),
                                            d.publishedBy(),
                                            d.publishedAt()),
                                    text.document());
                        })
                != null;
    }

    @Override
    public boolean delete(TenantId tenant, DefinitionRef ref, String by) {
        note(tenant, ref, Action.DELETED, by);
        return all.remove(key(tenant, ref)) != null;
    }

    private void note(TenantId tenant, DefinitionRef ref, Action action, String by) {
        changes.addFirst(
                Map.entry(
                        tenant,
                        new Change(
                                changes.size() + 1L,
                                ref,
                                "sha256:0",
                                action,
                                by,
                                Instant.ofEpochSecond(changes.size()))));
    }

    @Override
    public List<Change> changes(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            String namespace,
            String name,
            @Nullable Long before,
            int limit) {
        return changes.stream()
                .filter(entry -> entry.getKey().equals(tenant))
                .map(Map.Entry::getValue)
                .filter(change ->
                        change.ref().namespace().equals(namespace)
                                && change.ref().name().equals(name)
                                && (kind == null || change.ref().kind() == kind)
                                && (before == null || change.id() < before))
                .limit(limit)
                .toList();
    }

    @Override
    public Resolution resolve(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version) {
        return versions(tenant, kind, namespace, name).stream()
                .filter(Definition::enabled)
                .findFirst()
                .<Resolution>map(d -> new Resolution.Found(d.ref()))
                .orElse(new Resolution.Missing("nothing"));
    }

    @Override
    public List<DefinitionRef> startedByEvents(TenantId tenant) {
        return List.of();
    }
}
