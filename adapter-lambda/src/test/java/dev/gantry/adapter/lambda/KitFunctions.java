package dev.gantry.adapter.lambda;

import dev.gantry.contract.Behaviour;
import dev.gantry.spi.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kit's behaviours as functions. Each notes its start in a file of its own: functions of the
 * test services run on this machine.
 */
final class KitFunctions {
    private static final Path RUNS = folder();
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private KitFunctions() {}

    private static Path folder() {
        try {
            return Files.createTempDirectory("gantry-lambda-runs");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    // The kit compares bytes, and Python writes JSON with spaces.
    private static final String NOTE =
            """
            from awslambdaric.lambda_runtime_marshaller import Encoder
            Encoder.item_separator, Encoder.key_separator = ',', ':'
            ids = event.pop('_gantry', None) if isinstance(event, dict) else None
            client = getattr(context, 'client_context', None)
            ids = ids or (client.custom if client is not None else None) or {}
            name = '-'.join(ids.get(key, '') for key in ('GANTRY_EXECUTION_ID', 'GANTRY_STEP', 'GANTRY_ATTEMPT'))
            with open('%s/' + name + '.' + context.aws_request_id, 'w'): pass
            """
                    .formatted(RUNS);

    /**
     * As executions with names: the start is a step of its own, as what comes before a step runs
     * again whenever the execution goes on. While an invocation is at work there is a mark.
     */
    static Optional<String> durableBody(Behaviour behaviour) {
        String body =
                switch (behaviour) {
                    case Behaviour.Echo _ -> "return event";
                    case Behaviour.Fail fail -> "raise KeyError(%d)".formatted(fail.code());
                    case Behaviour.Sleep sleep ->
                            "context.wait(Duration(%d))"
                                    .formatted(Math.max(1, sleep.duration().toSeconds()));
                    case Behaviour.IgnoreStop stop ->
                            "context.step(lambda _: time.sleep(%d))"
                                    .formatted(stop.duration().toSeconds());
                    case Behaviour.Produce produce ->
                            "return 'x' * %d".formatted(produce.bytes() - 2);
                    case Behaviour.TellContext _,
                            Behaviour.Print _,
                            Behaviour.LongLines _,
                            Behaviour.Tick _,
                            Behaviour.WriteFiles _,
                            Behaviour.Allocate _,
                            Behaviour.StarveChild _,
                            Behaviour.TellArguments _,
                            Behaviour.Burn _,
                            Behaviour.Work _ ->
                            "";
                };
        return body.isEmpty()
                ? Optional.empty()
                : Optional.of(DURABLE_NOTE + body.indent(4) + DURABLE_END);
    }

    private static final String DURABLE_NOTE =
            """
            ids = event.pop('_gantry')
            name = '%1$s/' + '-'.join(ids[key] for key in ('GANTRY_EXECUTION_ID', 'GANTRY_STEP', 'GANTRY_ATTEMPT'))
            mark = name + '-at-work'
            with open(mark, 'w'): pass
            try:
                context.step(lambda _: open(name + '.' + str(uuid.uuid4()), 'w').close())
            """
                    .formatted(RUNS);

    private static final String DURABLE_END =
            """
            finally:
                os.path.exists(mark) and os.unlink(mark)
            """;

    /** Whether an invocation for the attempt has begun, and not ended by itself. */
    static boolean isMarked(Attempt attempt) {
        return Files.exists(
                RUNS.resolve(
                        "%s-%d-%d-at-work"
                                .formatted(
                                        attempt.context().executionId(),
                                        attempt.context().step(),
                                        attempt.context().attempt())));
    }

    static Optional<String> body(Behaviour behaviour) {
        String body =
                switch (behaviour) {
                    case Behaviour.Echo _ -> "return event";
                    case Behaviour.Fail fail -> "raise KeyError(%d)".formatted(fail.code());
                    case Behaviour.Sleep sleep -> sleeping(sleep.duration());
                    case Behaviour.IgnoreStop stop -> sleeping(stop.duration());
                    case Behaviour.Produce produce ->
                            "return 'x' * %d".formatted(produce.bytes() - 2);
                    case Behaviour.TellContext _ ->
                            "return {**ids, 'GANTRY_INPUT': json.dumps(event)}";
                    // One log for both streams, no files, no limits of processes.
                    case Behaviour.Print _,
                            Behaviour.LongLines _,
                            Behaviour.Tick _,
                            Behaviour.WriteFiles _,
                            Behaviour.Allocate _,
                            Behaviour.StarveChild _,
                            Behaviour.TellArguments _,
                            Behaviour.Burn _,
                            Behaviour.Work _ ->
                            "";
                };
        return body.isEmpty() ? Optional.empty() : Optional.of(NOTE + body);
    }

    private static String sleeping(Duration duration) {
        return "time.sleep(%s)".formatted(duration.toMillis() / 1000.0);
    }

    /** What sleeps for longer than any test is ended by Lambda. */
    static Duration timeout(Behaviour behaviour) {
        return behaviour instanceof Behaviour.Sleep ? LONGEST : Duration.ofSeconds(30);
    }

    static int runs(Attempt attempt) {
        String prefix =
                "%s-%d-%d."
                        .formatted(
                                attempt.context().executionId(),
                                attempt.context().step(),
                                attempt.context().attempt());
        try (Stream<Path> files = Files.list(RUNS)) {
            return (int)
                    files.filter(file -> file.getFileName().toString().startsWith(prefix)).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
