package dev.gantry.adapter.localmock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Attempt;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same seed gives the same behaviour. */
class SeedTest {
    private static final String SCRIPT =
            """
            seed: 42
            rules:
              - when: {chance: 0.25}
                error: FUNCTION_ERROR
              - latency: {from: 10ms, to: 50ms}
            """;

    @Test
    void behavesTheSameWithTheSameSeed() {
        assertThat(behaviour(MockScript.parse(SCRIPT)))
                .isEqualTo(behaviour(MockScript.parse(SCRIPT)));
    }

    @Test
    void behavesDifferentlyWithAnotherSeed() {
        MockScript script = MockScript.parse(SCRIPT);

        assertThat(behaviour(script)).isNotEqualTo(behaviour(script.withSeed(43)));
    }

    @Test
    void spreadsOverTheWholeRange() {
        List<Long> latencies =
                behaviour(MockScript.parse(SCRIPT)).stream().filter(it -> it >= 0).toList();

        assertThat(latencies).allMatch(it -> it >= 10 && it <= 50).contains(10L, 50L);
        assertThat(latencies.stream().mapToLong(it -> it).average().orElseThrow())
                .isBetween(28.0, 32.0);
    }

    @Test
    void failsTheShareThatIsAskedFor() {
        long failing = behaviour(MockScript.parse(SCRIPT)).stream().filter(it -> it < 0).count();

        assertThat(failing).isBetween(400L, 600L);
    }

    @Test
    void drawsAnewForEachIterationAndAttempt() {
        MockScript script = MockScript.parse("rules: [{latency: {from: 0, to: 50s}}]");

        assertThat(latency(script, Attempts.CHARGE.build()))
                .isNotEqualTo(latency(script, Attempts.CHARGE.attempt(2).build()))
                .isNotEqualTo(latency(script, Attempts.CHARGE.iteration("1").build()))
                .isNotEqualTo(latency(script, Attempts.CHARGE.task("/do/1/charge").build()));
    }

    /** The latencies of many attempts; negative for those that fail. */
    private static List<Long> behaviour(MockScript script) {
        return IntStream.range(0, 2_000)
                .mapToObj(i -> Attempts.CHARGE.correlation("order-" + i).build())
                .map(attempt ->
                        script.answer(attempt).ending() instanceof Ending.Error
                                ? -1
                                : latency(script, attempt))
                .toList();
    }

    private static long latency(MockScript script, Attempt attempt) {
        return new Plan(script.answer(attempt), attempt, script.seed()).lifeMillis();
    }
}
