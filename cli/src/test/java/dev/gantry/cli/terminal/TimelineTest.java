package dev.gantry.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.cli.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final List<String> lines = new ArrayList<>();
    private final Timeline timeline = new Timeline(Style.PLAIN, lines::add);

    private void tell(History history) {
        history.events().forEach(timeline::add);
    }

    @Test
    void tellsStepsWithTheirPlaceAttemptsAndTimes() {
        tell(History.ofOrder());

        assertThat(String.join("\n", lines))
                .isEqualTo(
                        """
                        0.00s  ● started
                        0.00s  · price
                        0.00s  ▾ prepare
                        0.00s    ▸ pack              container on docker
                        0.00s    ▸ charge            faas on local-mock
                        0.25s    ✗ charge            HTTP_503: try later
                        0.25s    ↻ charge            again in 0.50 s
                        0.75s    ▸ charge            faas on local-mock, attempt 2
                        0.90s    ✓ pack              0.90 s
                        1.00s    ✓ charge            0.25 s\
                        """
                                .indent(4)
                                .stripTrailing());
        assertThat(timeline.soFar()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void tellsWhatHoldsAStepAndWhyItWasDecided() {
        tell(
                new History()
                        .at(0, "TaskEntered", "/do/0/pack", "{'frame': 1, 'parent': 0}")
                        .at(
                                0,
                                "StepHeld",
                                "/do/0/pack",
                                "{'frame': 1, 'since': '2026-11-20T08:00:00Z', 'reason': 'adapter"
                                        + " docker, away since 07:59'}")
                        .at(900, "StepHeld", "/do/0/pack", "{'frame': 1}")
                        .at(
                                1000,
                                "StepDecided",
                                "/do/0/pack",
                                "{'frame': 1, 'verdict': 'accept', 'by': 'user:ann', 'reason':"
                                        + " 'seen'}"));

        assertThat(String.join("\n", lines))
                .contains("waits for adapter docker, away since 07:59")
                .contains("goes on")
                .contains("accept by user:ann: seen");
    }

    @Test
    void takesAnEventOnce() {
        tell(History.ofOrder());
        int told = lines.size();

        tell(History.ofOrder());

        assertThat(lines).hasSize(told);
    }

    @Test
    void tellsLoopsWaitsChildrenAndErrors() {
        tell(
                new History()
                        .at(0, "ExecutionStarted", "", "{}")
                        .at(0, "TaskEntered", "/do/0/each", "{'frame': 1, 'parent': 0}")
                        .at(
                                0,
                                "TaskEntered",
                                "/do/0/each/do/0/pause",
                                "{'frame': 2, 'parent': 1, 'iteration': '3'}")
                        .at(
                                10,
                                "WaitStarted",
                                "/do/0/each/do/0/pause",
                                "{'frame': 2, 'until': '2026-11-20T08:00:02.010Z'}")
                        .at(2010, "WaitEnded", "/do/0/each/do/0/pause", "{'frame': 2}")
                        .at(2020, "TaskEntered", "/do/1/welcome", "{'frame': 3, 'parent': 0}")
                        .at(2020, "ChildStarted", "/do/1/welcome", "{'frame': 3, 'child': 'c-1'}")
                        .at(
                                2500,
                                "ChildEnded",
                                "/do/1/welcome",
                                "{'frame': 3, 'status': 'FAULTED', 'error': {'title': 'Runtime"
                                        + " Error', 'detail': 'no'}}")
                        .at(2600, "TaskEntered", "/do/2/guard", "{'frame': 4, 'parent': 0}")
                        .at(
                                2600,
                                "TryRetryScheduled",
                                "/do/2/guard",
                                "{'frame': 4, 'at': '2026-11-20T08:00:03.600Z', 'error': {'code':"
                                        + " 'TIMEOUT', 'detail': 'late'}}")
                        .at(
                                4000,
                                "ErrorCaught",
                                "/do/2/guard",
                                "{'frame': 4, 'error': {'type': 'urn:x', 'status': 400}}")
                        .at(5000, "CancelRequested", "", "{'by': 'user:ann', 'reason': 'enough'}"));

        assertThat(String.join("\n", lines))
                .isEqualTo(
                        """
                        0.00s  ● started
                        0.00s  ▾ each
                        0.01s    ▸ pause[3]          waits 2.00 s
                        2.01s    ✓ pause[3]          waited 2.00 s
                        2.02s  ▸ welcome             execution c-1
                        2.50s  ✗ welcome             faulted Runtime Error: no
                        2.60s  ↻ guard               again in 1.00 s after TIMEOUT: late
                        4.00s  ↳ guard               caught urn:x
                        5.00s  ■ cancel requested by user:ann: enough\
                        """
                                .indent(4)
                                .stripTrailing());
    }

    @Test
    void tellsHowToDecide() {
        tell(
                new History()
                        .at(0, "TaskEntered", "/do/0/pay", "{'frame': 7, 'parent': 0}")
                        .at(0, "StepScheduled", "/do/0/pay", "{'frame': 7, 'adapter': 'lambda'}")
                        .at(9, "StepUndecided", "/do/0/pay", "{'frame': 7, 'attempt': 1}"));

        assertThat(lines.getLast()).contains("? pay").contains("decide ID 7 rerun|accept|fail");
        assertThat(timeline.now()).startsWith("pay ");
    }

    @Test
    void leavesItToTheWorkflowWhetherAnExitCodeIsAnError() {
        tell(
                new History()
                        .at(0, "TaskEntered", "/do/0/a", "{'frame': 1, 'parent': 0}")
                        .at(
                                0,
                                "StepScheduled",
                                "/do/0/a",
                                "{'frame': 1, 'attempt': 1, 'adapter': 'docker'}")
                        .at(
                                500,
                                "StepEnded",
                                "/do/0/a",
                                "{'frame': 1, 'result': {'type': 'Succeeded', 'output': {'code': 7,"
                                        + " 'stdout': '', 'stderr': ''}}}")
                        .at(
                                500,
                                "TaskFaulted",
                                "/do/0/a",
                                "{'frame': 1, 'error': {'code': 'EXIT_NONZERO', 'detail': 'code"
                                        + " 7'}}")
                        .at(600, "TaskEntered", "/do/1/b", "{'frame': 2, 'parent': 0}")
                        .at(
                                600,
                                "TaskFaulted",
                                "/do/1/b",
                                "{'frame': 2, 'error': {'title': 'Sold out', 'status': 409}}"));

        assertThat(lines)
                .containsExactly(
                        "    0.00s  ▸ a                   docker",
                        "    0.50s  ▪ a                   ended with code 7 after 0.50 s",
                        "    0.50s  ✗ a                   EXIT_NONZERO: code 7",
                        "    0.60s  ✗ b                   Sold out");
    }

    @Test
    void letsNoControlCharacterThrough() {
        tell(
                new History()
                        .at(0, "TaskEntered", "/do/0/a", "{'frame': 1, 'parent': 0}")
                        .at(
                                0,
                                "StepEnded",
                                "/do/0/a",
                                "{'frame': 1, 'result': {'type': 'Failed', 'failure': {'code': 'X',"
                                        + " 'message': '\\u001b[2J\\nboom'}}}"));

        assertThat(lines.getLast()).endsWith("X: \uFFFD[2J boom");
    }
}
