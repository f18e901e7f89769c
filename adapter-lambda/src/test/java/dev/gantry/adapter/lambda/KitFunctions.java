package dev.gantry.adapter.lambda;

import dev.gantry.contract.Behaviour;
import dev.gantry.spi.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The kit's behaviours as functions. Each notes its start under a name of its own. */
final class KitFunctions {
    private static final String RUN =
            "'-'.join(ids.get(key, '') for key in ('GANTRY_EXECUTION_ID', 'GANTRY_STEP', 'GANTRY_ATTEMPT'))";
    static final Duration LONGEST = Duration.ofSeconds(8);

    private KitFunctions() {}

    // The kit compares bytes, and Python writes JSON with spaces.
    private static String note(Effects effects) {
        return """
        from awslambdaric.lambda_runtime_marshaller import Encoder
        Encoder.item_separator, Encoder.key_separator = ',', ':'
        ids = event.pop('_gantry', None) if isinstance(event, dict) else None
        client = getattr(context, 'client_context', None)
        ids = ids or (client.custom if client is not None else None) or {}
        name = %s
        %s
        """
                .formatted(RUN, effects.leave("name + '.' + context.aws_request_id"));
    }

    /**
     * As executions with names: the start is a step of its own, as what comes before a step runs
     * again whenever the execution goes on. While an invocation is at work there is a mark.
     */
    static Optional<String> durableBody(Behaviour behaviour, Effects effects) {
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
        return body.isEmpty() ? Optional.empty() : Optional.of(durably(body, effects));
    }

    private static String durably(String body, Effects effects) {
        return """
        ids = event.pop('_gantry')
        name = %s
        %s
        try:
            context.step(lambda _: [%s] and None)
        %sfinally:
            %s
        """
                .formatted(
                        RUN,
                        effects.leave("name + '-at-work'"),
                        effects.leave("name + '.' + str(uuid.uuid4())"),
                        body.indent(4),
                        effects.takeAway("name + '-at-work'"));
    }

    /** When an invocation for the attempt has begun that has not ended by itself. */
    static Optional<Instant> atWork(Attempt attempt, Effects effects) {
        return effects.left(run(attempt) + "-at-work").values().stream().findFirst();
    }

    private static String run(Attempt attempt) {
        return "%s-%d-%d"
                .formatted(
                        attempt.context().executionId(),
                        attempt.context().step(),
                        attempt.context().attempt());
    }

    static Optional<String> body(Behaviour behaviour, Effects effects) {
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
        return body.isEmpty() ? Optional.empty() : Optional.of(note(effects) + body);
    }

    private static String sleeping(Duration duration) {
        return "time.sleep(%s)".formatted(duration.toMillis() / 1000.0);
    }

    /** What sleeps for longer than any test is ended by Lambda. */
    static Duration timeout(Behaviour behaviour) {
        return behaviour instanceof Behaviour.Sleep ? LONGEST : Duration.ofSeconds(30);
    }

    static int runs(Attempt attempt, Effects effects) {
        return effects.left(run(attempt) + ".").size();
    }
}
