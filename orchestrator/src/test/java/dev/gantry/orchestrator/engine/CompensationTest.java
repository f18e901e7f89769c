package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.spi.Failure.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was done is undone, the last first. */
class CompensationTest {
    private static final String HEAD =
            "document: {dsl: 1.0.3, namespace: billing, name: saga, version: 1.0.0}\ndo:\n";

    /** Two tasks that can be undone, then one that may fail. */
    private static final String STEPS =
            """
            - charge:
                call: charge:1.0.0@default
                metadata:
                  gantry:
                    compensate:
                      - refund:
                          call: charge:1.0.0@default
                          with: {refund: "${ . }", of: "${ $compensated.input.order }"}
            - reserve:
                call: charge:1.0.0@default
                metadata: {gantry: {compensate: "charge:1.0.0@default"}}
            - ship: {call: charge:1.0.0@default}
            """;

    private static Play upToShip(String document) {
        Play play = Play.of(Documents.workflow(document)).start(JSON.objectNode().put("order", 7));
        play.succeed("charge", JSON.textNode("payment"));
        play.succeed("reserve", JSON.textNode("place"));
        return play;
    }

    private static Play plain() {
        return upToShip(HEAD + STEPS.indent(2));
    }

    private static List<String> undone(Play play) {
        return play.commands.stream()
                .filter(Command.RunStep.class::isInstance)
                .map(command -> ((Command.RunStep) command).ticket().task().name())
                .filter(name -> name.equals("refund") || name.equals("compensate"))
                .toList();
    }

    @Test
    void undoesTheLastFirstAndFaultsWithTheFirstError() {
        Play play = plain();
        play.fail("ship", "EXIT_NONZERO", Progress.ENDED);

        assertThat(play.running("compensate").input()).isEqualTo(JSON.textNode("place"));
        assertThat(undone(play)).as("one after the other").containsExactly("compensate");
        play.succeed("compensate");
        assertThat(play.running("refund").input())
                .isEqualTo(JSON.objectNode().put("refund", "payment").put("of", 7));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
        play.succeed("refund");

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(Objects.requireNonNull(play.state.error()).code()).isEqualTo("EXIT_NONZERO");
        assertThatThrownBy(() -> play.send(new Message.Retry("user:ann")))
                .hasMessageContaining("what it had done is undone");
    }

    @Test
    void undoesNothingWhenAllIsWell() {
        Play play = plain();
        play.succeed("ship", JSON.textNode("sent"));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(undone(play)).isEmpty();
    }

    @Test
    void undoesWhatACancelledExecutionHasDoneAfterItsStepsAreDead() {
        Play play = plain();
        play.send(new Message.Cancel("user:ann", null));
        assertThat(undone(play)).as("ship is still being stopped").isEmpty();
        play.end("ship", new StepResult.Cancelled());
        play.succeed("compensate");
        play.succeed("refund");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.CANCELLED);
    }

    @Test
    void undoesTheBodyOfATryBeforeItsHandlerAndNothingElse() {
        Play play =
                Play.of(
                                Documents.workflow(
                                        HEAD
                                                + """
                                                  - first:
                                                      set: {kept: true}
                                                      metadata: {gantry: {compensate: [{never: {set: {x: 1}}}]}}
                                                  - attempt:
                                                      try:
                                                """
                                                + STEPS.indent(10)
                                                + """
                                                      catch:
                                                        do: [{mend: {set: {mended: true}}}]
                                                """))
                        .start();
        play.succeed("charge").succeed("reserve");
        play.fail("ship", "EXIT_NONZERO", Progress.ENDED);
        assertThat(play.types()).doesNotContain("ErrorCaught");
        play.succeed("compensate").succeed("refund");

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(play.state.output()).isEqualTo(JSON.objectNode().put("mended", true));
        assertThat(play.types())
                .filteredOn("CompensationStarted"::equals)
                .as("what came before the try stays")
                .hasSize(2);
    }

    @Test
    void undoesTheBodyBeforeItIsTriedAgain() {
        Play play =
                Play.of(
                                Documents.workflow(
                                        HEAD
                                                + """
                                                  - attempt:
                                                      try:
                                                """
                                                + STEPS.indent(10)
                                                + """
                                                      catch:
                                                        retry: {delay: {seconds: 1}, limit: {attempt: {count: 1}}}
                                                """))
                        .start();
        play.succeed("charge").succeed("reserve");
        play.fail("ship", "EXIT_NONZERO", Progress.ENDED);
        play.succeed("compensate").succeed("refund");
        play.pass(Duration.ofSeconds(2));
        play.succeed("charge").succeed("reserve").succeed("ship");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(undone(play)).containsExactly("compensate", "refund");
    }

    @Test
    void triesAgainAndGoesOnWithTheOthersWhenOneFailsForGood() {
        Play play = plain();
        play.fail("ship", "EXIT_NONZERO", Progress.ENDED);
        for (int i = 0; i < 5; i++) {
            play.fail("compensate", "EXIT_NONZERO", Progress.ENDED);
            play.pass(Duration.ofMinutes(5));
        }
        assertThat(undone(play)).filteredOn("compensate"::equals).hasSize(5);
        play.succeed("refund");

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(play.journal.stream().flatMap(List::stream))
                .filteredOn(Event.CompensationEnded.class::isInstance)
                .extracting(event -> ((Event.CompensationEnded) event).error() == null)
                .containsExactly(false, true);
    }

    @Test
    void isKeptThroughASnapshotInTheMiddle() {
        Play play = plain();
        play.throughSnapshot();
        play.fail("ship", "EXIT_NONZERO", Progress.ENDED);
        play.throughSnapshot();
        play.succeed("compensate");
        play.throughSnapshot();
        play.succeed("refund");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(image(play.replayed())).isEqualTo(image(play.state));
    }

    private static String image(ExecutionState state) {
        return dev.gantry.orchestrator.journal.Journals.text(StateImage.of(state));
    }

    @Test
    void undoesASecondCancelNothingTwice() {
        Play play = plain();
        play.fail("ship", "EXIT_NONZERO", Progress.ENDED);
        play.send(new Message.Cancel("user:ann", null));
        play.succeed("compensate").succeed("refund");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(undone(play)).containsExactly("compensate", "refund");
    }

    @Test
    void saysWhatIsWrongWithACompensation() {
        assertThat(
                        Documents.problems(
                                HEAD
                                        + """
                                          - a: {set: {x: 1}, metadata: {gantry: {compensate: "chrge:1.0.0@default"}}}
                                        """))
                .containsExactly(
                        "unknown-function /do/0/a/metadata/gantry/compensate/0/compensate/call");
    }
}
