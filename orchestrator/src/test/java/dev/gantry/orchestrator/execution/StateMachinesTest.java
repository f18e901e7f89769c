package dev.gantry.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.cluster.ShardLeases;
import dev.gantry.orchestrator.engine.ExecutionStatus;
import dev.gantry.orchestrator.engine.StepStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The diagrams in docs/state-machines.md are the code's own tables. */
class StateMachinesTest {
    private static final Pattern ARROW = Pattern.compile("(\\w+) --> (\\w+)");

    private static Set<String> drawn(String machine) throws IOException {
        Path file = Path.of("..", "docs", "state-machines.md").toAbsolutePath().normalize();
        String text = Files.readString(file);
        int from = text.indexOf("%% " + machine);
        assertThat(from).as("%s in %s", machine, file).isPositive();
        Set<String> arrows = new TreeSet<>();
        Matcher matcher = ARROW.matcher(text.substring(from, text.indexOf("```", from)));
        while (matcher.find()) {
            arrows.add(matcher.group());
        }
        return arrows;
    }

    private static <E extends Enum<E>> Set<String> coded(
            E[] states, Function<E, Set<E>> successors) {
        Set<String> arrows = new TreeSet<>();
        for (E state : states) {
            for (E next : successors.apply(state)) {
                arrows.add("%s --> %s".formatted(state, next).toLowerCase(Locale.ROOT));
            }
        }
        return arrows;
    }

    @Test
    void drawsWhatTheCodeAllows() throws IOException {
        assertThat(drawn("ExecutionStatus"))
                .isEqualTo(coded(ExecutionStatus.values(), ExecutionStatus::successors));
        assertThat(drawn("StepStatus"))
                .isEqualTo(coded(StepStatus.values(), StepStatus::successors));
        assertThat(drawn("AttemptPhase"))
                .isEqualTo(coded(StepRun.Phase.values(), StepRun.Phase::successors));
        assertThat(drawn("LeaseState"))
                .isEqualTo(coded(ShardLeases.State.values(), ShardLeases.State::successors));
    }
}
