package dev.gantry.adapter.localmock;

import dev.gantry.contract.AdapterFixture;
import dev.gantry.contract.Behaviour;
import dev.gantry.contract.Fault;
import dev.gantry.spi.Attempt;
import dev.gantry.spi.Capability;
import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What both kinds of mock have in common: how the kit's behaviours are scripted. */
abstract class MockFixture implements AdapterFixture {
    private static final String FAIL = "kit/fail-";

    @Override
    public String kind() {
        return LocalMock.KIND;
    }

    @Override
    public Set<RuntimeClass> runtimeClasses() {
        return EnumSet.copyOf(RuntimeClass.PLACED);
    }

    @Override
    public Set<Capability> claims() {
        return EnumSet.of(
                Capability.CANCEL,
                Capability.LOG_STREAMING,
                Capability.ARTIFACTS,
                Capability.IDEMPOTENT_TEARDOWN,
                Capability.SCALE_TO_ZERO);
    }

    @Override
    public RunnerAdapter newAdapter(String installation) {
        MockScript.Builder script = MockScript.builder();
        for (int exitCode : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 137, 143}) {
            script.rule(rule -> rule.image(FAIL + exitCode).process(exitCode, "", ""));
        }
        return newMock(installation, script.build());
    }

    abstract LocalMock newMock(String installation, MockScript script);

    @Override
    public Optional<RunnerAdapter> newAdapter(String installation, Fault fault) {
        MockScript script =
                switch (fault) {
                    case REPLY_LOST_AFTER_CREATE ->
                            MockScript.builder().rule(rule -> rule.losesReplies(1)).build();
                    case CONNECTION_LOST_WHILE_RUNNING ->
                            MockScript.builder()
                                    .rule(rule ->
                                            rule.latency(moment().multipliedBy(2))
                                                    .disconnects(moment().dividedBy(2)))
                                    .build();
                    case BACKEND_DOWN ->
                            MockScript.builder()
                                    .disconnected("the kit", Duration.ZERO, Duration.ofDays(1))
                                    .build();
                };
        return Optional.of(newMock(installation, script));
    }

    @Override
    public Optional<Workload> workload(Behaviour behaviour) {
        return switch (behaviour) {
            case Behaviour.Echo() -> function(Map.of());
            case Behaviour.Fail(int code) -> Optional.of(process(FAIL + code));
            case Behaviour.Sleep(Duration duration) -> function(Map.of("latency", duration + ""));
            case Behaviour.IgnoreStop(Duration duration) ->
                    function(
                            Map.of(
                                    "latency",
                                    duration.toString(),
                                    "faults",
                                    Map.of("ignoreCancel", "1h")));
            case Behaviour.Print(long stdout, long stderr) ->
                    function(
                            Map.of(
                                    "logs",
                                    List.of(flood("stdout", stdout), flood("stderr", stderr))));
            case Behaviour.LongLines(int bytes) ->
                    function(Map.of("logs", List.of("x".repeat(bytes) + "\n" + "x".repeat(bytes))));
            case Behaviour.Tick(int lines, Duration pause) ->
                    function(
                            Map.of(
                                    "logs",
                                    Map.of("flood", lines * 100, "every", pause.toString())));
            case Behaviour.Produce(int bytes) -> function(Map.of("resultSize", bytes));
            case Behaviour.WriteFiles(Map<String, Long> files) -> function(files(files));
            case Behaviour.Allocate _,
                    Behaviour.StarveChild _,
                    Behaviour.TellArguments _,
                    Behaviour.Burn _,
                    Behaviour.Work _,
                    Behaviour.TellContext _ ->
                    Optional.empty();
        };
    }

    @Override
    public Optional<Workload.Function> function() {
        return Optional.of(
                new Workload.Function(
                        "kit/step",
                        "1.0.0",
                        Map.of(
                                "result", Map.of("approved", true),
                                "latency", "20ms",
                                "logs", List.of("a line"),
                                "artifacts", List.of(Map.of("path", "a.json", "content", 1)),
                                "usage", Map.of("wall", "1s"),
                                "faults", Map.of("teardown", 1))));
    }

    private static Map<String, Object> flood(String stream, long bytes) {
        return Map.of("flood", bytes, "stream", stream);
    }

    private static Map<String, Object> files(Map<String, Long> files) {
        return Map.of(
                "artifacts",
                files.entrySet().stream()
                        .map(it -> Map.of("path", it.getKey(), "size", it.getValue()))
                        .toList());
    }

    private static Optional<Workload> function(Map<String, Object> binding) {
        return Optional.of(new Workload.Function("kit/step", "1.0.0", binding));
    }

    private static Workload process(String image) {
        return new Workload.Process(
                "step",
                image,
                List.of(),
                List.of(),
                Map.of(),
                null,
                Workload.PullPolicy.NEVER,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE);
    }

    @Override
    public Optional<Duration> overdue() {
        return Optional.of(Plan.OVERDUE.multipliedBy(2));
    }

    @Override
    public Duration moment() {
        return Duration.ofMillis(100);
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** Whether the attempt runs by the facts in one store. */
    static boolean isAlive(Resources resources, Attempt attempt, Instant now) {
        Resource facts = resources.find(attempt.externalName());
        return facts != null
                && facts.id().attempt() == attempt.context().attempt()
                && facts.at(now) == Resource.State.RUNNING;
    }
}
