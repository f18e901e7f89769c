package dev.gantry.orchestrator.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.explain.Ceilings;
import dev.gantry.orchestrator.definition.explain.Explanation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a document asks for in vain is told before it matters. */
class CeilingsTest {
    private static final Ceilings CEILINGS =
            new Ceilings(Duration.ofHours(24), Duration.ofDays(90), 1_000);

    private static Explanation explain(String document) {
        byte[] bytes = document.getBytes(UTF_8);
        return Explanation.of(bytes).within(CEILINGS, bytes);
    }

    @Test
    void tellsWhereAWorkflowAsksForMore() {
        String document =
                """
                document: {dsl: '1.0.3', namespace: shop, name: slow, version: '1.0.0'}
                timeout: {after: P400D}
                do:
                  - pause: {wait: {days: 91}}
                  - import:
                      run: {shell: {command: ls}}
                      timeout: {after: {hours: 30}}
                  - sum:
                      run: {shell: {command: ls}}
                      metadata: {gantry: {runtime: {limits: {timeout: PT25H}}}}
                  - try:
                      try: [{note: {set: {wait: P500D}}}]
                      catch: {retry: {limit: {attempt: {count: 5000}}}}
                """;

        assertThat(explain(document).fails())
                .contains(
                        "/timeout is PT9600H; it ends after PT2160H here (gantry.execution.max-duration).",
                        "/do/0/pause/wait is PT2184H; it ends after PT2160H here"
                                + " (gantry.execution.max-duration).",
                        "/do/1/import/timeout is PT30H; it ends after PT24H here"
                                + " (gantry.execution.max-step-timeout).",
                        "/do/2/sum/metadata/gantry/runtime/limits/timeout is PT25H; it ends after"
                                + " PT24H here (gantry.execution.max-step-timeout).",
                        "/do/3/try/catch/retry/limit/attempt/count is 5000; at most 1000 retries are"
                                + " made here (gantry.execution.max-retries).")
                .noneMatch(line -> line.contains("/set"));
    }

    @Test
    void saysNothingOfWhatFits() {
        String document =
                """
                document: {dsl: '1.0.3', namespace: shop, name: quick, version: '1.0.0'}
                do:
                  - pause: {wait: P90D}
                  - sum: {run: {shell: {command: ls}}, timeout: {after: PT24H}}
                """;

        assertThat(explain(document).fails()).noneMatch(line -> line.contains("gantry.execution"));
    }
}
