package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Handle;
import dev.gantry.spi.LogSink.Stream;
import dev.gantry.spi.RunnerException;
import org.junit.jupiter.api.Test;

/** What a step prints, and when. */
class LogsTest {
    private static final Attempt CHARGE = Attempts.CHARGE.build();

    @Test
    void printsTextsInTheirOrder() throws RunnerException {
        Sink sink =
                run(
                        """
                        rules:
                          - logs:
                              - "charging ${input.order.id}\\n"
                              - {text: "warning\\n", stream: stderr}
                              - {text: "again ", repeat: 3, every: 5ms}
                              - "done\\n"
                        """);

        assertThat(sink.text(Stream.STDOUT)).isEqualTo("charging 17\nagain again again done\n");
        assertThat(sink.text(Stream.STDERR)).isEqualTo("warning\n");
    }

    @Test
    void printsTheStreamsOfAProcessAtItsEnd() throws RunnerException {
        Sink sink = run("rules: [{logs: [first], process: {stdout: out, stderr: err}}]");

        assertThat(sink.text(Stream.STDOUT)).isEqualTo("firstout");
        assertThat(sink.text(Stream.STDERR)).isEqualTo("err");
    }

    @Test
    void takesAsLongAsItsLogs() {
        Answer answer =
                MockScript.parse(
                                "rules: [{latency: 10ms, logs: {text: x, repeat: 11, every: 5ms}}]")
                        .answer(CHARGE);

        assertThat(new Plan(answer, CHARGE, 0).lifeMillis()).isEqualTo(50);
    }

    @Test
    void tellsAtAnyTimeWhatIsPrinted() {
        Answer answer =
                MockScript.parse("rules: [{logs: {flood: 450, stream: stderr, every: 10ms}}]")
                        .answer(CHARGE);
        LogPlan logs = new Plan(answer, CHARGE, 0).logs;

        assertThat(logs.printedAfter(0, Stream.STDERR)).isEqualTo(100);
        assertThat(logs.printedAfter(9, Stream.STDERR)).isEqualTo(100);
        assertThat(logs.printedAfter(10, Stream.STDERR)).isEqualTo(200);
        assertThat(logs.printedAfter(40, Stream.STDERR)).isEqualTo(450);
        assertThat(logs.printedAfter(40, Stream.STDOUT)).isZero();
        assertThat(logs.nextAfter(12)).isEqualTo(20);
        assertThat(logs.nextAfter(40)).isEqualTo(Long.MAX_VALUE);
    }

    private static Sink run(String yaml) throws RunnerException {
        Sink sink = new Sink();
        try (LocalMock mock = LocalMock.builder().script(MockScript.parse(yaml)).build()) {
            Handle handle = mock.provision(CHARGE);
            mock.run(handle, CHARGE, sink).join();
            mock.collect(handle, CHARGE, sink);
        }
        return sink;
    }
}
