package dev.gantry.contract;

import dev.gantry.spi.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The kit's behaviours as shell scripts, for backends that run containers.
 *
 * @param image with a shell, awk and the usual small programs
 */
public record ShellWorkloads(String image) {
    private static final String NULL = "echo null > $GANTRY_OUTPUT_FILE";
    private static final String TELL =
            """
            awk 'BEGIN { printf "{"; n = split("GANTRY_INPUT_FILE GANTRY_INPUT GANTRY_OUTPUT_FILE GANTRY_ARTIFACTS GANTRY_EXECUTION_ID GANTRY_STEP GANTRY_ATTEMPT GANTRY_CORRELATION_ID GANTRY_IDEMPOTENCY_KEY GANTRY_TENANT GANTRY_INITIATOR TRACEPARENT", a, " ");
              for (i = 1; i <= n; i++) if (a[i] in ENVIRON) { v = ENVIRON[a[i]]; gsub(/\\\\/, "\\\\\\\\", v); gsub(/"/, "\\\\\\"", v); printf "%s\\"%s\\":\\"%s\\"", s, a[i], v; s = "," }
              printf "}" }'
            """;

    /** That its container had up to now. */
    private static final String CPU_MILLIS =
            """
            if [ -f /sys/fs/cgroup/cpuacct/cpuacct.usage ]; then
              awk '{ print int($1 / 1000000) }' /sys/fs/cgroup/cpuacct/cpuacct.usage
            else
              awk '/usage_usec/ { print int($2 / 1000) }' /sys/fs/cgroup/cpu.stat
            fi
            """;

    private static String burn(Duration time) {
        return "timeout %s sh -c 'while :; do :; done'\n".formatted(seconds(time));
    }

    /** A block that is read whole and waits to be written is held all the time. */
    private static String work(Behaviour.Work work) {
        return "dd if=/dev/zero bs=%d count=1 2>/dev/null | { %s sleep %s; cat > /dev/null; }\n%s"
                .formatted(
                        work.bytes(),
                        burn(work.busy()),
                        seconds(work.duration().minus(work.busy())),
                        CPU_MILLIS);
    }

    public Workload workload(Behaviour behaviour) {
        return switch (behaviour) {
            case Behaviour.Echo _ -> shell("cat");
            case Behaviour.Fail fail -> shell("exit " + fail.code());
            case Behaviour.Sleep sleep -> shell("sleep " + seconds(sleep.duration()));
            case Behaviour.Print print ->
                    shell(
                            pattern('o', print.stdoutBytes())
                                    + "; "
                                    + pattern('e', print.stderrBytes())
                                    + " >&2; "
                                    + NULL);
            case Behaviour.LongLines lines ->
                    shell(
                            "x() { head -c %d /dev/zero | tr '\\0' x; }; x; echo; x; %s"
                                    .formatted(lines.bytes(), NULL));
            case Behaviour.StarveChild starve ->
                    shell(
                            "dd if=/dev/zero of=/dev/null bs=%d count=1; echo null"
                                    .formatted(starve.bytes()));
            case Behaviour.TellArguments tell -> script(tell);
            case Behaviour.Tick tick ->
                    shell(
                            "i=0; while [ $i -lt %d ]; do [ $i -gt 0 ] && sleep %s; printf 'o%%098d\\n' $i; i=$((i+1)); done; %s"
                                    .formatted(tick.lines(), seconds(tick.pause()), NULL));
            case Behaviour.Produce produce ->
                    shell(
                            "{ printf '\"'; head -c %d /dev/zero | tr '\\0' x; printf '\"'; } > $GANTRY_OUTPUT_FILE"
                                    .formatted(produce.bytes() - 2));
            case Behaviour.WriteFiles files -> shell(write(files));
            case Behaviour.IgnoreStop stop ->
                    shell("trap '' TERM; sleep " + seconds(stop.duration()));
            case Behaviour.Allocate allocate ->
                    shell(
                            "x=$(head -c %d /dev/zero | tr '\\0' x); echo ${#x}"
                                    .formatted(allocate.bytes()));
            case Behaviour.Burn burn -> shell(burn(burn.duration()) + CPU_MILLIS);
            case Behaviour.Work work -> shell(work(work));
            case Behaviour.TellContext _ -> shell(TELL);
        };
    }

    private Workload script(Behaviour.TellArguments tell) {
        return new Workload.Process(
                "test",
                image,
                List.of("/bin/sh"),
                new Workload.Script(
                        "script.sh",
                        "# padding\n".repeat(tell.scriptBytes() / 10)
                                + "printf '[\"%s\",\"%s\"]' \"$1\" \"$2\""),
                tell.arguments(),
                Map.of(),
                null,
                Workload.PullPolicy.NEVER,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE,
                null);
    }

    private static String write(Behaviour.WriteFiles files) {
        StringBuilder script = new StringBuilder("cd $GANTRY_ARTIFACTS; ");
        files.files()
                .forEach((path, size) ->
                        script.append(
                                "mkdir -p \"$(dirname '%s')\"; %s > '%s'; "
                                        .formatted(path, pattern('o', size), path)));
        return script.toString();
    }

    private static String pattern(char letter, long bytes) {
        long lines = bytes / 100 + 1;
        return "awk 'BEGIN { for (i = 0; i < %d; i++) printf \"%c%%098d\\n\", i }' | head -c %d"
                .formatted(lines, letter, bytes);
    }

    private static String seconds(Duration duration) {
        return Double.toString(duration.toMillis() / 1000.0);
    }

    public Workload.Process shell(String script) {
        return new Workload.Process(
                "test",
                image,
                List.of("/bin/sh", "-c", script),
                List.of(),
                Map.of(),
                null,
                Workload.PullPolicy.NEVER,
                Workload.Result.FUNCTION,
                Workload.Retention.REMOVE);
    }
}
