package dev.gantry.acceptance.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;

/**
 * The same scenarios with the same results, on a server that forgets everything after each commit
 * and goes on from its journal under a new epoch: by turns before and after what was decided is
 * carried out. Left alone is the time in which a call of the server itself is on its way: it would
 * be lost with a process, and whether it may be repeated is a matter of its own.
 */
class CrashConformanceTest extends ConformanceTest {
    private static final Pattern CRASH = Pattern.compile("simulated crash (\\d+)");

    /** Less would mean that nothing crashed. */
    private static final int CRASHES = 1_000;

    @Override
    String[] options(Path folder) {
        return new String[] {
            "--gantry.execution.crashes=true",
            "--gantry.execution.lanes=1",
            // The backend is not part of the process that crashes.
            "--gantry.adapters.local-mock.ledger=" + folder.resolve("mock.jsonl")
        };
    }

    @Override
    boolean isReported() {
        return false;
    }

    @AfterAll
    void crashed() throws IOException {
        Matcher matcher = CRASH.matcher(log());
        int crashes = 0;
        while (matcher.find()) {
            crashes = Integer.parseInt(matcher.group(1));
        }
        assertThat(crashes).isGreaterThan(CRASHES);
    }
}
