package dev.gantry.orchestrator.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gantry.orchestrator.definition.compile.DocumentCompiler;
import dev.gantry.orchestrator.definition.compile.Registry;
import dev.gantry.orchestrator.definition.document.Source;
import dev.gantry.orchestrator.definition.document.SourceReader;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import dev.gantry.spi.TeardownException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The registry on its rows, with compiled plans cached. */
final class DefinitionService implements Definitions, Plans {
    private static final int MAX_PLANS = 2_000;
    private static final int SUGGESTIONS = 500;
    private static final ObjectMapper CANONICAL =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private final JdbiDefinitions rows;
    private final JdbiDefinitionChanges changes;
    private final Resources resources;
    private final Workloads workloads;

    // Versions never change, so nothing becomes stale.
    private final Cache<Key, WorkflowPlan> workflows =
            Caffeine.newBuilder().maximumSize(MAX_PLANS).build();
    private final Cache<Key, FunctionPlan> functions =
            Caffeine.newBuilder().maximumSize(MAX_PLANS).build();

    private record Key(TenantId tenant, DefinitionRef ref) {}

    DefinitionService(Jdbi jdbi, PayloadCodec payloads, Resources resources, Workloads workloads) {
        this.rows = new JdbiDefinitions(jdbi, payloads);
        this.changes = new JdbiDefinitionChanges(jdbi);
        this.resources = resources;
        this.workloads = workloads;
    }

    @Override
    public Report validate(TenantId tenant, byte[] document) {
        DocumentCompiler.Compiled compiled =
                DocumentCompiler.compile(SourceReader.read(document), new TenantRegistry(tenant));
        return new Report(compiled.ref(), compiled.problems(), compiled.warnings());
    }

    @Override
    public Published publish(TenantId tenant, String by, byte[] document, Format format) {
        Source source = SourceReader.read(document);
        TenantRegistry registry = new TenantRegistry(tenant);
        DocumentCompiler.Compiled compiled = DocumentCompiler.compile(source, registry);
        DefinitionRef ref = compiled.ref();
        if (!compiled.problems().isEmpty() || ref == null) {
            return new Published.Invalid(compiled.problems());
        }
        String digest = digest(source.root());
        if (rows.insert(
                tenant,
                ref,
                digest,
                format,
                by,
                document,
                registry.pins(),
                registry.resources(),
                compiled.workflow() != null && compiled.workflow().startOn() != null)) {
            return new Published.New(require(tenant, ref).definition(), compiled.warnings());
        }
        JdbiDefinitions.Row there = require(tenant, ref);
        if (!there.definition().digest().equals(digest)) {
            return new Published.Conflict(there.definition());
        }
        if (there.deleted()) {
            rows.restore(tenant, ref, by);
            return new Published.New(require(tenant, ref).definition(), compiled.warnings());
        }
        return new Published.Same(there.definition(), compiled.warnings());
    }

    @Override
    public List<DefinitionRef> startedByEvents(TenantId tenant) {
        List<DefinitionRef> started = new ArrayList<>();
        for (String name : rows.startedByEvents(tenant)) {
            int slash = name.indexOf('/');
            Resolution latest =
                    resolve(
                            tenant,
                            DefinitionKind.WORKFLOW,
                            name.substring(0, slash),
                            name.substring(slash + 1),
                            null);
            // An older version may have been started by events while the latest is not.
            if (latest instanceof Resolution.Found found
                    && workflow(tenant, found.ref()).startOn() != null) {
                started.add(found.ref());
            }
        }
        return started;
    }

    private JdbiDefinitions.Row require(TenantId tenant, DefinitionRef ref) {
        return rows.find(tenant, ref)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "%s %s is not registered".formatted(ref.kind().label(), ref)));
    }

    /** Of the content, whatever its format, spacing and order of properties. */
    private static String digest(JsonNode document) {
        try {
            Object plain = CANONICAL.treeToValue(document, Object.class);
            byte[] canonical = CANONICAL.writeValueAsBytes(plain);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical);
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the document cannot be written as JSON", e);
        }
    }

    @Override
    public List<Definition> list(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            @Nullable String namespace,
            @Nullable String after,
            int limit) {
        Map<String, Definition> latest = new LinkedHashMap<>();
        for (Definition definition :
                rows.page(tenant, kind, namespace, after == null ? "" : after, limit)) {
            DefinitionRef ref = definition.ref();
            latest.merge(
                    ref.kind() + ref.namespace() + "/" + ref.name(),
                    definition,
                    (a, b) -> BY_VERSION.compare(a, b) >= 0 ? a : b);
        }
        return List.copyOf(latest.values());
    }

    private static final Comparator<Definition> BY_VERSION =
            Comparator.comparing(definition -> SemanticVersion.of(definition.ref().version()));

    @Override
    public List<Definition> versions(
            TenantId tenant, DefinitionKind kind, String namespace, String name) {
        List<Definition> versions = new ArrayList<>(rows.versions(tenant, kind, namespace, name));
        versions.sort(BY_VERSION.reversed());
        return versions;
    }

    @Override
    public Optional<Text> find(TenantId tenant, DefinitionRef ref) {
        return rows.find(tenant, ref)
                .filter(row -> !row.deleted())
                .map(row -> new Text(row.definition(), row.document()));
    }

    @Override
    public boolean enable(TenantId tenant, DefinitionRef ref, boolean enabled, String by) {
        return rows.enable(tenant, ref, enabled, by) || find(tenant, ref).isPresent();
    }

    @Override
    public boolean delete(TenantId tenant, DefinitionRef ref, String by) throws TeardownException {
        if (ref.kind() == DefinitionKind.FUNCTION && find(tenant, ref).isPresent()) {
            for (Map.Entry<String, Workload.Function> block :
                    function(tenant, ref).workloads().entrySet()) {
                workloads.undeploy(tenant, block.getKey(), block.getValue());
            }
        }
        return rows.delete(tenant, ref, by);
    }

    @Override
    public List<Change> changes(
            TenantId tenant,
            @Nullable DefinitionKind kind,
            String namespace,
            String name,
            @Nullable Long before,
            int limit) {
        return changes.list(tenant, kind, namespace, name, before, limit);
    }

    @Override
    public Resolution resolve(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version) {
        String what =
                "%s %s/%s%s"
                        .formatted(
                                kind.label(),
                                namespace,
                                name,
                                version == null ? "" : ":" + version);
        List<Definition> versions = versions(tenant, kind, namespace, name);
        if (version != null) {
            versions = versions.stream().filter(d -> d.ref().version().equals(version)).toList();
        }
        if (versions.isEmpty()) {
            return new Resolution.Missing(
                    "there is no %s; publish it, or list what there is".formatted(what));
        }
        return versions.stream()
                .filter(Definition::enabled)
                .findFirst()
                .<Resolution>map(found -> new Resolution.Found(found.ref()))
                .orElseGet(() ->
                        new Resolution.Disabled(
                                "%s is disabled; enable it to start it".formatted(what)));
    }

    @Override
    public WorkflowPlan workflow(TenantId tenant, DefinitionRef ref) {
        return kept(
                workflows,
                new Key(tenant, ref),
                key -> Objects.requireNonNull(recompile(key).workflow()));
    }

    @Override
    public FunctionPlan function(TenantId tenant, DefinitionRef ref) {
        return kept(
                functions,
                new Key(tenant, ref),
                key -> Objects.requireNonNull(recompile(key).function()));
    }

    /** Nobody waits while another compiles: it asks the database, which may be away. */
    private static <T> T kept(Cache<Key, T> cache, Key key, Function<Key, T> compile) {
        T known = cache.getIfPresent(key);
        if (known != null) {
            return known;
        }
        T compiled = compile.apply(key);
        return cache.get(key, _ -> compiled);
    }

    /** What was valid when it was published is taken as it was: pinned versions, deleted or not. */
    private DocumentCompiler.Compiled recompile(Key key) {
        JdbiDefinitions.Row row = require(key.tenant(), key.ref());
        DocumentCompiler.Compiled compiled =
                DocumentCompiler.recompile(
                        SourceReader.read(row.document()),
                        new TenantRegistry(key.tenant(), row.pins(), row.resources()));
        if (!compiled.problems().isEmpty()) {
            throw new IllegalStateException(
                    "%s %s does not compile any more: %s"
                            .formatted(key.ref().kind().label(), key.ref(), compiled.problems()));
        }
        return compiled;
    }

    private final class TenantRegistry implements Registry {
        private final TenantId tenant;
        private final Map<String, Optional<DefinitionRef>> known = new TreeMap<>();
        private final Map<DefinitionKind, List<String>> names = new EnumMap<>(DefinitionKind.class);

        private final Map<String, String> contents = new TreeMap<>();
        private final boolean isPinned;

        /** For a document that is published now. */
        TenantRegistry(TenantId tenant) {
            this.tenant = tenant;
            this.isPinned = false;
        }

        /**
         * @param pinned what earlier look-ups gave: a reference never changes its meaning
         * @param contents of external resources, by their address
         */
        TenantRegistry(
                TenantId tenant, Map<String, DefinitionRef> pinned, Map<String, String> contents) {
            this.tenant = tenant;
            this.isPinned = true;
            this.contents.putAll(contents);
            pinned.forEach((key, ref) -> known.put(key, Optional.of(ref)));
        }

        Map<String, String> resources() {
            return contents;
        }

        @Override
        public byte[] resource(
                URI uri, @Nullable Authentication authentication, Set<String> secrets)
                throws IOException {
            String content = contents.get(uri.toString());
            if (content == null) {
                if (isPinned) {
                    throw new IOException("it was not kept when the document was published");
                }
                content =
                        new String(
                                resources.fetch(tenant, uri, authentication, secrets),
                                StandardCharsets.UTF_8);
                contents.put(uri.toString(), content);
            }
            return content.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Set<String> adapters() {
            return isPinned ? Set.of() : workloads.adapters();
        }

        @Override
        public List<String> candidates(Need need) {
            return isPinned ? List.of() : workloads.candidates(tenant, need);
        }

        @Override
        public Map<String, WorkloadProblem> lacks(Need need) {
            return isPinned ? Map.of() : workloads.lacks(tenant, need);
        }

        @Override
        public List<WorkloadProblem> check(String adapter, Workload workload) {
            return isPinned ? List.of() : workloads.check(tenant, adapter, workload);
        }

        Map<String, DefinitionRef> pins() {
            Map<String, DefinitionRef> pins = new TreeMap<>();
            known.forEach((key, ref) -> ref.ifPresent(found -> pins.put(key, found)));
            return pins;
        }

        @Override
        public Optional<DefinitionRef> find(
                DefinitionKind kind, String namespace, String name, @Nullable String version) {
            return known.computeIfAbsent(
                    kind.label()
                            + " "
                            + namespace
                            + "/"
                            + name
                            + ":"
                            + (version == null ? "latest" : version),
                    key -> look(kind, namespace, name, version));
        }

        private Optional<DefinitionRef> look(
                DefinitionKind kind, String namespace, String name, @Nullable String version) {
            if (version != null) {
                return rows.find(tenant, new DefinitionRef(kind, namespace, name, version))
                        .filter(row -> !row.deleted())
                        .map(row -> row.definition().ref());
            }
            return versions(tenant, kind, namespace, name).stream()
                    .filter(Definition::enabled)
                    .findFirst()
                    .map(Definition::ref);
        }

        @Override
        public Collection<String> names(DefinitionKind kind) {
            return names.computeIfAbsent(kind, any -> rows.names(tenant, any, SUGGESTIONS));
        }
    }
}
