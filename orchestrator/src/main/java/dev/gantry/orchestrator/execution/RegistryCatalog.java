package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gantry.orchestrator.definition.Definitions;
import dev.gantry.orchestrator.definition.Definitions.Resolution;
import dev.gantry.orchestrator.definition.plan.DetachedProcess;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.Plans;
import dev.gantry.orchestrator.definition.plan.SecretException;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.execution.Executions.Refused;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The registry of definitions, with resolutions remembered for a moment: starts come in thousands.
 */
final class RegistryCatalog implements Catalog {
    private static final Duration REMEMBERED = Duration.ofMillis(500);
    private static final int MOST = 10_000;

    private final Definitions definitions;
    private final Plans plans;
    private final Cache<Key, Known> known = Caffeine.newBuilder().maximumSize(MOST).build();
    private final Cache<DefinitionRef, WorkflowPlan> calls =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final Cache<Version, Set<Need>> needs = Caffeine.newBuilder().maximumSize(MOST).build();

    private record Version(TenantId tenant, DefinitionRef ref) {}

    private record Key(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version) {}

    /**
     * @param asking whether somebody is finding out whether it still holds
     */
    private record Known(Resolution resolution, long until, AtomicBoolean asking) {
        static Known of(Resolution resolution) {
            return new Known(
                    resolution, System.nanoTime() + REMEMBERED.toNanos(), new AtomicBoolean());
        }
    }

    private final SecretFiles secrets;

    RegistryCatalog(Definitions definitions, Plans plans, SecretFiles secrets) {
        this.definitions = definitions;
        this.plans = plans;
        this.secrets = secrets;
    }

    @Override
    public DefinitionRef resolve(
            TenantId tenant,
            DefinitionKind kind,
            String namespace,
            String name,
            @Nullable String version) {
        return switch (resolution(new Key(tenant, kind, namespace, name, version))) {
            case Resolution.Found found -> found.ref();
            case Resolution.Disabled disabled ->
                    throw new Refused(Refused.Code.DEFINITION_DISABLED, disabled.reason());
            case Resolution.Missing missing ->
                    throw new Refused(Refused.Code.DEFINITION_NOT_FOUND, missing.reason());
        };
    }

    /**
     * One caller asks again when the time is over, the others go by what is known: a thousand
     * starts at once must not become a thousand queries.
     */
    private Resolution resolution(Key key) {
        Known remembered = known.getIfPresent(key);
        if (remembered != null
                && (System.nanoTime() - remembered.until() < 0
                        || !remembered.asking().compareAndSet(false, true))) {
            return remembered.resolution();
        }
        try {
            Resolution resolution =
                    definitions.resolve(
                            key.tenant(), key.kind(), key.namespace(), key.name(), key.version());
            if (resolution instanceof Resolution.Found) {
                known.put(key, Known.of(resolution));
            } else {
                known.invalidate(key);
            }
            return resolution;
        } finally {
            if (remembered != null) {
                remembered.asking().set(false);
            }
        }
    }

    @Override
    public WorkflowPlan plan(TenantId tenant, DefinitionRef ref) {
        return switch (ref.kind()) {
            case WORKFLOW -> {
                DefinitionRef workflow = DetachedProcess.workflow(ref);
                yield workflow == null
                        ? plans.workflow(tenant, ref)
                        : DetachedProcess.plan(plans.workflow(tenant, workflow), ref);
            }
            case FUNCTION -> calls.get(ref, FunctionCall::plan);
        };
    }

    @Override
    public Set<Need> needs(TenantId tenant, WorkflowPlan plan) {
        Version version = new Version(tenant, plan.ref());
        Set<Need> worked = needs.getIfPresent(version);
        if (worked == null) {
            // Not while the cache is locked: functions may have to be read first.
            worked = PlanNeeds.of(plan, tenant, this);
            needs.put(version, worked);
        }
        return worked;
    }

    @Override
    public FunctionPlan function(TenantId tenant, DefinitionRef ref) {
        return plans.function(tenant, ref);
    }

    @Override
    public JsonNode secret(TenantId tenant, String name) throws SecretException {
        return secrets.get(tenant, name);
    }
}
