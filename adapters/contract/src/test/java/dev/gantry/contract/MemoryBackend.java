package dev.gantry.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.Outcome;
import dev.gantry.spi.Outcome.Cancelled;
import dev.gantry.spi.Outcome.Failed;
import dev.gantry.spi.Outcome.ProcessResult;
import dev.gantry.spi.Outcome.Succeeded;
import dev.gantry.spi.Outcome.Usage;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A backend that lives in this process, shared by all adapters of one fixture. */
final class MemoryBackend {
    private final ConcurrentMap<String, Box> boxes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, AtomicInteger> runs;
    private final ConcurrentMap<String, Box> begun;
    private final ConcurrentMap<String, Behaviour> images;

    MemoryBackend() {
        this.runs = new ConcurrentHashMap<>();
        this.begun = new ConcurrentHashMap<>();
        this.images = new ConcurrentHashMap<>();
    }

    private MemoryBackend(MemoryBackend whole) {
        this.runs = whole.runs;
        this.begun = whole.begun;
        this.images = whole.images;
    }

    /** The same backend for an adapter that finds nothing there which it did not make itself. */
    MemoryBackend withoutMemory() {
        return new MemoryBackend(this);
    }

    /** A process whose image stands for the behaviour. */
    Workload workload(Behaviour behaviour) {
        String image = "image-" + images.size() + "-" + behaviour.hashCode();
        images.put(image, behaviour);
        if (behaviour instanceof Behaviour.TellArguments(int bytes, List<String> arguments)) {
            return new Workload.Process(
                    "kit",
                    image,
                    List.of("sh"),
                    new Workload.Script("script.sh", "#".repeat(bytes)),
                    arguments,
                    Map.of(),
                    null,
                    Workload.PullPolicy.NEVER,
                    Workload.Result.FUNCTION,
                    Workload.Retention.REMOVE,
                    null);
        }
        return new Workload.Process(
                "kit",
                image,
                List.of(),
                List.of(),
                Map.of(),
                null,
                Workload.PullPolicy.NEVER,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE);
    }

    /** The same process, whose result is a function's. */
    Workload asFunction(Workload workload) {
        Workload.Process process = (Workload.Process) workload;
        return Optional.ofNullable(images.get(process.image())).map(this::workload).orElseThrow();
    }

    @Nullable Box find(String name) {
        return boxes.get(name);
    }

    List<Box> all() {
        return List.copyOf(boxes.values());
    }

    /** Creates the box unless the name is taken; the one that has the name is returned. */
    Box createIfAbsent(String name, Box box) {
        Box existing = boxes.putIfAbsent(name, box);
        return existing == null ? box : existing;
    }

    void put(String name, Box box) {
        boxes.put(name, box);
    }

    void remove(String name) {
        boxes.remove(name);
    }

    void remove(String name, Box box) {
        boxes.remove(name, box);
    }

    int runs(Attempt attempt) {
        return counter(attempt).get();
    }

    private AtomicInteger counter(Attempt attempt) {
        return runs.computeIfAbsent(key(attempt), _ -> new AtomicInteger());
    }

    private static String key(Attempt attempt) {
        return attempt.externalName() + "#" + attempt.context().attempt();
    }

    boolean alive(Attempt attempt) {
        Box box = begun.get(key(attempt));
        return box != null && box.state() == Box.State.RUNNING;
    }

    /** Begins the box's workload unless it was begun before. */
    void begin(Box box) {
        if (box.begin()) {
            start(box);
        }
    }

    void start(Box box) {
        counter(box.attempt).incrementAndGet();
        begun.put(key(box.attempt), box);
        Thread.startVirtualThread(() -> work(box));
    }

    private void work(Box box) {
        try {
            box.end(perform(box));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome perform(Box box) throws InterruptedException {
        Attempt attempt = box.attempt;
        return switch (behaviour(attempt)) {
            case Behaviour.Echo() -> succeeded(attempt.input());
            case Behaviour.Fail(int code) -> failed(attempt, code);
            case Behaviour.Sleep(Duration duration) -> sleep(box, duration, false);
            case Behaviour.IgnoreStop(Duration duration) -> sleep(box, duration, true);
            case Behaviour.Print(long stdout, long stderr) -> print(box, stdout, stderr);
            case Behaviour.LongLines(int bytes) -> {
                String line = "x".repeat(bytes);
                box.print((line + "\n" + line).getBytes(UTF_8));
                yield succeeded("null");
            }
            case Behaviour.StarveChild _ -> succeeded("null");
            case Behaviour.TellArguments _ -> succeeded(arguments(attempt));
            case Behaviour.Tick(int lines, Duration pause) -> tick(box, lines, pause);
            case Behaviour.Produce(int bytes) -> succeeded("\"" + "x".repeat(bytes - 2) + "\"");
            case Behaviour.WriteFiles(Map<String, Long> files) -> write(box, files);
            case Behaviour.Allocate(long bytes) -> allocate(attempt, bytes);
            case Behaviour.Burn(Duration duration) -> burn(box, duration);
            case Behaviour.Work work -> work(box, work);
            case Behaviour.TellContext() -> succeeded(told(attempt));
        };
    }

    private Behaviour behaviour(Attempt attempt) {
        Workload.Process process = (Workload.Process) attempt.workload();
        return Optional.ofNullable(images.get(process.image())).orElseThrow();
    }

    private static Outcome succeeded(String json) {
        return succeeded(json.getBytes(UTF_8));
    }

    private static Outcome succeeded(byte[] json) {
        return new Succeeded(json, Usage.UNKNOWN);
    }

    private static Outcome failed(Attempt attempt, int code) {
        if (((Workload.Process) attempt.workload()).result() != Workload.Result.FUNCTION) {
            return succeeded("{\"code\":%d,\"stdout\":\"\",\"stderr\":\"\"}".formatted(code));
        }
        String message = "the process ended with exit code %d".formatted(code);
        return new Failed(
                new Failure(Code.EXIT_NONZERO, message, Actor.AUTHOR, true, Progress.ENDED),
                new ProcessResult(code, "", ""),
                Usage.UNKNOWN);
    }

    private static Outcome sleep(Box box, Duration duration, boolean ignoringRequests)
            throws InterruptedException {
        Duration timeout = box.attempt.limits().timeout();
        boolean overdue = timeout.compareTo(duration) < 0;
        if (!box.sleep(overdue ? timeout : duration, ignoringRequests)) {
            return new Cancelled(Usage.UNKNOWN);
        }
        return overdue
                ? stopped(Code.TIMEOUT, "still running after its timeout of " + timeout)
                : succeeded("null");
    }

    private static Outcome stopped(String code, String message) {
        return new Failed(
                new Failure(code, message, Actor.AUTHOR, false, Progress.MAY_HAVE_COMMITTED),
                null,
                Usage.UNKNOWN);
    }

    private static Outcome print(Box box, long stdout, long stderr) {
        box.print(Stream.STDOUT, stdout);
        box.print(Stream.STDERR, stderr);
        Workload.Result asked = ((Workload.Process) box.attempt.workload()).result();
        return asked == Workload.Result.FUNCTION
                ? succeeded("null")
                : succeeded(
                        "{\"code\":0,\"stdout\":\"%s\",\"stderr\":\"%s\"}"
                                .formatted(
                                        asked.wantsStdout(0) ? "o".repeat((int) stdout) : "",
                                        asked.wantsStderr(0) ? "e".repeat((int) stderr) : ""));
    }

    private static String arguments(Attempt attempt) {
        Workload.Process process = (Workload.Process) attempt.workload();
        return "[\"%s\"]".formatted(String.join("\",\"", process.arguments()));
    }

    private static Outcome tick(Box box, int lines, Duration pause) throws InterruptedException {
        box.print(Stream.STDOUT, LogPattern.LINE_BYTES);
        for (int line = 1; line < lines; line++) {
            if (!box.sleep(pause, false)) {
                return new Cancelled(Usage.UNKNOWN);
            }
            box.print(Stream.STDOUT, LogPattern.LINE_BYTES);
        }
        return succeeded("null");
    }

    private static Outcome write(Box box, Map<String, Long> files) {
        box.files.putAll(files);
        return succeeded("null");
    }

    private static Outcome allocate(Attempt attempt, long bytes) {
        Long limit = attempt.limits().memoryBytes();
        return limit != null && bytes > limit
                ? stopped(Code.OUT_OF_MEMORY, "more memory taken than the limit of " + limit)
                : succeeded("null");
    }

    private static Outcome burn(Box box, Duration duration) throws InterruptedException {
        Integer cpuMillis = box.attempt.limits().cpuMillis();
        long share = cpuMillis == null ? 1_000 : cpuMillis;
        return box.sleep(duration, false)
                ? succeeded(Long.toString(duration.toMillis() * share / 1_000))
                : new Cancelled(Usage.UNKNOWN);
    }

    private static Outcome work(Box box, Behaviour.Work work) throws InterruptedException {
        long cpuMillis = work.busy().toMillis();
        Usage usage = new Usage(null, cpuMillis, work.bytes(), null, null, Map.of());
        return box.sleep(work.duration(), false)
                ? new Succeeded(Long.toString(cpuMillis).getBytes(UTF_8), usage)
                : new Cancelled(usage);
    }

    private static String told(Attempt attempt) {
        StepContext it = attempt.context();
        return """
        {"GANTRY_EXECUTION_ID":"%s","GANTRY_STEP":"%d","GANTRY_ATTEMPT":"%d",\
        "GANTRY_CORRELATION_ID":"%s","GANTRY_IDEMPOTENCY_KEY":"%s","GANTRY_TENANT":"%s",\
        "GANTRY_INITIATOR":"%s","TRACEPARENT":"%s","GANTRY_INPUT":"%s"}\
        """
                .formatted(
                        it.executionId(),
                        it.step(),
                        it.attempt(),
                        it.correlationId(),
                        it.idempotencyKey(),
                        it.tenant(),
                        it.initiator(),
                        it.traceparent(),
                        new String(attempt.input(), UTF_8));
    }
}
