package dev.gantry.process;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a step's process is given at its start. */
public final class ProcessStart {
    /** Of input in a variable; above that there are the file and standard input. */
    public static final int LARGEST_VARIABLE = 32 * 1024;

    /** What the names of Gantry's own variables begin with. */
    static final String OWN = "GANTRY_";

    private ProcessStart() {}

    /** What follows the command. */
    public static List<String> arguments(Workload.Process process) {
        if (process.script() == null) {
            return process.arguments();
        }
        List<String> all = new ArrayList<>();
        all.add(StepFiles.script(process.script()));
        all.addAll(process.arguments());
        return all;
    }

    public static byte[] stdin(Workload.Process process, Attempt attempt) {
        return process.stdin() == null
                ? attempt.input()
                : process.stdin().getBytes(StandardCharsets.UTF_8);
    }

    /** The document's variables and Gantry's, sorted by name. */
    public static Map<String, String> environment(Workload.Process process, Attempt attempt) {
        StepContext context = attempt.context();
        Map<String, String> variables = new TreeMap<>(process.environment());
        variables.put(OWN + "INPUT_FILE", StepFiles.INPUT);
        variables.put(OWN + "OUTPUT_FILE", StepFiles.OUTPUT);
        variables.put(OWN + "ARTIFACTS", StepFiles.ARTIFACTS);
        variables.put(OWN + "EXECUTION_ID", context.executionId());
        variables.put(OWN + "STEP", Integer.toString(context.step()));
        variables.put(OWN + "ATTEMPT", Integer.toString(context.attempt()));
        variables.put(OWN + "CORRELATION_ID", context.correlationId());
        variables.put(OWN + "IDEMPOTENCY_KEY", context.idempotencyKey());
        variables.put(OWN + "TENANT", context.tenant());
        variables.put(OWN + "INITIATOR", context.initiator());
        if (context.traceparent() != null) {
            variables.put("TRACEPARENT", context.traceparent());
        }
        if (attempt.input().length <= LARGEST_VARIABLE) {
            variables.put(OWN + "INPUT", new String(attempt.input(), StandardCharsets.UTF_8));
        }
        return variables;
    }
}
