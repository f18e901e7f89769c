package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.ExecutionException;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Handle;
import dev.gantry.spi.Limits;
import dev.gantry.spi.OwnedResource;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.TeardownException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Breaks what is promised about resources: one {@link Defect} at a time. */
class FaultyProvisioning extends MemoryRunner {
    private static final Limits UNLIMITED = Limits.defaults().withTimeout(Duration.ofHours(1));

    final Defect defect;
    private final Set<Handle> made = ConcurrentHashMap.newKeySet();
    private final Set<Handle> tornDown = ConcurrentHashMap.newKeySet();

    FaultyProvisioning(
            Defect defect,
            MemoryBackend backend,
            String installation,
            Set<Capability> claims,
            @Nullable Fault fault) {
        super(backend, installation, claims, fault);
        this.defect = defect;
    }

    final boolean is(Defect other) {
        return defect == other;
    }

    @Override
    public Handle provision(Attempt attempt) throws ProvisionException {
        boolean undeclared = attempt.runtimeClass() != RuntimeClass.CONTAINER;
        if (undeclared && is(Defect.SERVES_A_CLASS_THAT_IT_DOES_NOT_DECLARE)) {
            return super.provision(Attempts.withClass(attempt, RuntimeClass.CONTAINER));
        }
        Handle handle = super.provision(attempt);
        made.add(handle);
        Box box = box(handle);
        if (is(Defect.BEGINS_WHEN_IT_PROVISIONS) && box != null) {
            begin(box);
        }
        return handle;
    }

    @Override
    Box create(Attempt attempt) throws InterruptedException {
        String name = attempt.externalName();
        Box existing = backend.find(name);
        return switch (defect) {
            case CREATES_A_SECOND_RESOURCE ->
                    existing == null ? super.create(attempt) : createBeside(attempt);
            case RACES_WITH_OTHERS -> {
                think();
                yield existing == null ? createBeside(attempt) : existing;
            }
            case LEAVES_A_PART_WHEN_KILLED -> {
                String part = name + "-" + UUID.randomUUID();
                backend.put(part, new Box(attempt, labels(attempt)));
                // Long enough that an interrupt finds it there on a busy machine too.
                TimeUnit.MILLISECONDS.sleep(30);
                backend.remove(part);
                yield super.create(attempt);
            }
            case LEAVES_THE_EARLIER_ATTEMPT_ALIVE, DOES_NOT_WAIT_FOR_THE_EARLIER_ATTEMPT ->
                    existing == null ? super.create(attempt) : replace(existing, attempt);
            case ADOPTS_THE_EARLIER_ATTEMPT -> existing == null ? super.create(attempt) : existing;
            default -> super.create(distorted(attempt));
        };
    }

    /** What the backend is told, where that is not what Gantry said. */
    private Attempt distorted(Attempt attempt) {
        String input = new String(attempt.input(), UTF_8);
        return switch (defect) {
            case ALTERS_THE_INPUT ->
                    Attempts.withInput(attempt, input.replaceAll("[^\\x00-\\x7f]", "?"));
            case CUTS_A_LARGE_INPUT ->
                    Attempts.withInput(
                            attempt, input.substring(0, Math.min(32_768, input.length())));
            case HIDES_THE_CORRELATION,
                    HIDES_THE_TENANT,
                    HIDES_THE_EXECUTION,
                    HIDES_THE_STEP,
                    HIDES_THE_ATTEMPT,
                    HIDES_THE_INITIATOR,
                    HIDES_THE_IDEMPOTENCY_KEY,
                    HIDES_THE_TRACE ->
                    Attempts.withContext(attempt, hiding(attempt.context()));
            case IGNORES_WHAT_THE_RESULT_IS ->
                    Attempts.withWorkload(attempt, backend.asFunction(attempt.workload()));
            case IGNORES_THE_MEMORY_LIMIT, IGNORES_THE_CPU_LIMIT, IGNORES_THE_TIMEOUT ->
                    Attempts.withLimits(attempt, UNLIMITED);
            case GRANTS_LESS_MEMORY_THAN_AGREED ->
                    Attempts.withLimits(attempt, withMemory(attempt.limits(), 1L << 20));
            default -> attempt;
        };
    }

    private static Limits withMemory(Limits it, long memoryBytes) {
        return new Limits(
                it.cpuMillis(),
                memoryBytes,
                it.timeout(),
                it.maxOutputBytes(),
                it.maxLogBytes(),
                it.maxArtifactBytes());
    }

    private StepContext hiding(StepContext it) {
        return new StepContext(
                it.installation(),
                is(Defect.HIDES_THE_TENANT) ? "" : it.tenant(),
                is(Defect.HIDES_THE_EXECUTION) ? "" : it.executionId(),
                is(Defect.HIDES_THE_STEP) ? 0 : it.step(),
                it.taskPointer(),
                it.iteration(),
                is(Defect.HIDES_THE_ATTEMPT) ? 99 : it.attempt(),
                is(Defect.HIDES_THE_CORRELATION) ? "" : it.correlationId(),
                is(Defect.HIDES_THE_INITIATOR) ? "" : it.initiator(),
                is(Defect.HIDES_THE_IDEMPOTENCY_KEY) ? "" : it.idempotencyKey(),
                is(Defect.HIDES_THE_TRACE) ? null : it.traceparent());
    }

    /** Takes the name if it is free, and another one if it is not. */
    private Box createBeside(Attempt attempt) {
        Box box = new Box(attempt, labels(attempt));
        if (backend.createIfAbsent(attempt.externalName(), box) != box) {
            backend.put(attempt.externalName() + "-" + UUID.randomUUID(), box);
        }
        return box;
    }

    private Box replace(Box existing, Attempt attempt) {
        if (existing.attempt.context().attempt() == attempt.context().attempt()) {
            return existing;
        }
        if (is(Defect.DOES_NOT_WAIT_FOR_THE_EARLIER_ATTEMPT)) {
            Thread.startVirtualThread(() -> {
                Pause.of(Duration.ofMillis(100));
                existing.kill();
            });
        }
        Box box = new Box(attempt, labels(attempt));
        backend.put(attempt.externalName() + "-earlier", existing);
        backend.put(attempt.externalName(), box);
        return box;
    }

    @Override
    Map<String, String> labels(Attempt attempt) {
        Map<String, String> labels = new LinkedHashMap<>(super.labels(attempt));
        if (is(Defect.LOSES_A_LABEL)) {
            labels.remove(Bench.label("correlation"));
        }
        return labels;
    }

    @Override
    Handle handle(Box box) {
        Handle handle = super.handle(box);
        if (is(Defect.MISNAMES_ITS_HANDLES)) {
            return new Handle("other", handle.version(), handle.externalName(), handle.state());
        }
        if (!is(Defect.PUTS_THE_INPUT_INTO_THE_HANDLE)) {
            return handle;
        }
        Map<String, String> state = new LinkedHashMap<>(handle.state());
        state.put("input", new String(box.attempt.input(), UTF_8));
        return new Handle(handle.kind(), handle.version(), handle.externalName(), state);
    }

    @Override
    void begin(Box box) {
        if (is(Defect.RUNS_ADOPTED_WORK_AGAIN) && box.state() != Box.State.CREATED) {
            backend.start(box);
        } else if (is(Defect.MISSES_A_CANCEL_DURING_START)) {
            Thread.startVirtualThread(() -> {
                Pause.of(Duration.ofMillis(5));
                super.begin(box);
            });
        } else {
            super.begin(box);
        }
    }

    @Override
    public void teardown(Handle handle) throws TeardownException {
        Box box = backend.find(handle.externalName());
        boolean again = !tornDown.add(handle);
        switch (defect) {
            case LEAKS_AT_TEARDOWN -> {}
            case LEAKS_WHAT_NEVER_BEGAN -> {
                if (box != null && box.state() != Box.State.CREATED) {
                    super.teardown(handle);
                }
            }
            case FAILS_A_SECOND_TEARDOWN, FAILS_A_TEARDOWN_ODDLY_WITHOUT_THE_CLAIM -> {
                if (again) {
                    throw new TeardownException(
                            new Failure("GONE", "gone", Actor.BACKEND, false, Progress.ENDED));
                }
                super.teardown(handle);
            }
            case TEARS_DOWN_THE_LATER_ATTEMPT -> backend.remove(handle.externalName());
            case TEARS_DOWN_EVERYTHING ->
                    backend.all().forEach(it -> backend.remove(it.attempt.externalName()));
            case TEARS_DOWN_ONLY_WHAT_IT_MADE -> {
                if (made.contains(handle)) {
                    super.teardown(handle);
                }
            }
            default -> super.teardown(handle);
        }
    }

    @Override
    public List<OwnedResource> owned() throws ExecutionException {
        if (is(Defect.OWNS_WITHOUT_THE_CLAIM)) {
            return backend.all().stream()
                    .map(box -> new OwnedResource(handle(box), box.labels, box.createdAt))
                    .toList();
        }
        if (is(Defect.LISTS_NOTHING_WHEN_IT_CANNOT_SEE) && isDown()) {
            return List.of();
        }
        return super.owned();
    }

    @Override
    boolean isOwned(Box box) {
        return switch (defect) {
            case HIDES_WHAT_HAS_ENDED -> super.isOwned(box) && box.state() != Box.State.ENDED;
            case LISTS_WHAT_IS_FOREIGN -> true;
            default -> super.isOwned(box);
        };
    }
}
