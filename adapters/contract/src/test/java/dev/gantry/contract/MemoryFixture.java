package dev.gantry.contract;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kit's own subject: an adapter that claims all it can, or nothing at all. */
final class MemoryFixture implements AdapterFixture {
    private final Defect defect;
    private final MemoryBackend backend = new MemoryBackend();
    private final Set<Capability> claims;

    MemoryFixture(Defect defect) {
        this.defect = defect;
        this.claims =
                defect.isOfModestRunner()
                        ? Set.of()
                        : EnumSet.complementOf(EnumSet.of(Capability.GPU));
    }

    private MemoryFixture(Set<Capability> claims) {
        this.defect = Defect.NONE;
        this.claims = claims;
    }

    static MemoryFixture modest() {
        return new MemoryFixture(Set.of());
    }

    @Override
    public String kind() {
        return MemoryRunner.KIND;
    }

    @Override
    public Set<RuntimeClass> runtimeClasses() {
        return Set.of(RuntimeClass.CONTAINER);
    }

    @Override
    public Set<Capability> claims() {
        return claims;
    }

    @Override
    public RunnerAdapter newAdapter(String installation) {
        return runner(installation, null);
    }

    @Override
    public Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
        return Optional.of(runner(installation, fault));
    }

    private RunnerAdapter runner(String installation, @Nullable Fault fault) {
        MemoryBackend visible =
                claims.contains(Capability.REATTACH) ? backend : backend.withoutMemory();
        return new FaultyRunner(defect, visible, installation, claims, fault);
    }

    @Override
    public Optional<Workload> workload(Behaviour behaviour) {
        return Optional.of(backend.workload(behaviour));
    }

    @Override
    public Optional<Workload.Function> function() {
        return Optional.of(
                new Workload.Function("kit/step", "1.0.0", Map.of("image", "any", "size", 1)));
    }

    @Override
    public int runs(Attempt attempt) {
        return backend.runs(attempt);
    }

    @Override
    public boolean alive(Attempt attempt) {
        return backend.alive(attempt);
    }

    @Override
    public Optional<Duration> overdue() {
        return Optional.of(Duration.ofSeconds(1));
    }

    @Override
    public Duration moment() {
        // Without cancel the sleepers are short, and must outlast what a busy machine adds.
        return Duration.ofMillis(claims.contains(Capability.CANCEL) ? 100 : 300);
    }

    @Override
    public Duration measured() {
        return Duration.ofMillis(90);
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(5);
    }
}
