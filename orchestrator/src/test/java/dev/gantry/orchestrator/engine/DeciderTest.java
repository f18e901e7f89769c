package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.append;
import static dev.gantry.orchestrator.engine.PlanBuilder.attempt;
import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.common;
import static dev.gantry.orchestrator.engine.PlanBuilder.constant;
import static dev.gantry.orchestrator.engine.PlanBuilder.fork;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.raise;
import static dev.gantry.orchestrator.engine.PlanBuilder.retry;
import static dev.gantry.orchestrator.engine.PlanBuilder.scope;
import static dev.gantry.orchestrator.engine.PlanBuilder.sequence;
import static dev.gantry.orchestrator.engine.PlanBuilder.set;
import static dev.gantry.orchestrator.engine.PlanBuilder.value;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowError;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DeciderTest {
    private static Task add(String name) {
        return set(name, (input, arguments) -> append(input, name));
    }

    private static Task add(String name, Directive then) {
        return new Task.Set(common(name, then), value((input, arguments) -> append(input, name)));
    }

    private static JsonNode argument(Arguments arguments, String name) throws ExpressionException {
        return Objects.requireNonNull(arguments.get(name));
    }

    private static WorkflowError error(Play play) {
        return Objects.requireNonNull(play.state.error());
    }

    private static JsonNode texts(String... texts) {
        JsonNode list = JSON.arrayNode();
        for (String text : texts) {
            list = append(list, text);
        }
        return list;
    }

    @Test
    void runsTasksInOrderAndByDirective() {
        Play play =
                Play.of(
                                workflow(
                                        "order",
                                        add("red", new Directive.GoTo(2)),
                                        add("blue", Directive.END),
                                        add("green", new Directive.GoTo(1))))
                        .start();

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(play.state.output()).isEqualTo(texts("red", "green", "blue"));
    }

    @Test
    void choosesTheFirstCaseThatMatches() {
        Task choice =
                new Task.Switch(
                        common("choice"),
                        java.util.List.of(
                                new Task.Switch.Case(
                                        "no",
                                        constant(JSON.booleanNode(false)),
                                        new Directive.GoTo(1)),
                                new Task.Switch.Case("else", null, new Directive.GoTo(2))));

        Play play =
                Play.of(workflow("switch", choice, add("never"), add("chosen")))
                        .start(JSON.arrayNode());

        assertThat(play.state.output()).isEqualTo(texts("chosen"));
    }

    @Test
    void walksALoopAndHandsTheOutputOn() {
        Task loop =
                new Task.For(
                        common("loop"),
                        "item",
                        "index",
                        constant(texts("a", "b", "c")),
                        null,
                        scope(
                                set(
                                        "join",
                                        (input, arguments) ->
                                                append(
                                                        input,
                                                        argument(arguments, "item").asText()
                                                                + argument(arguments, "index")
                                                                        .asInt()))));

        Play play = Play.of(workflow("for", loop)).start(JSON.arrayNode());

        assertThat(play.state.output()).isEqualTo(texts("a0", "b1", "c2"));
    }

    @Test
    void waitsForAllBranches() {
        Play play =
                Play.of(workflow("fork", fork("both", false, call("x", "f"), call("y", "f"))))
                        .start();

        play.succeed("y");
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
        play.succeed("x");

        assertThat(play.state.output()).isEqualTo(texts("x", "y"));
    }

    @Test
    void cancelsTheLosersOfARaceBeforeItGoesOn() {
        Play play =
                Play.of(
                                workflow(
                                        "race",
                                        fork("race", true, call("slow", "f"), call("fast", "f")),
                                        add("after")))
                        .start();

        play.succeed("fast", JSON.arrayNode());
        assertThat(play.commands)
                .anyMatch(c ->
                        c instanceof Command.CancelStep cancel
                                && cancel.ticket().task().name().equals("slow"));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
        play.end("slow", new StepResult.Cancelled());

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(play.state.output()).isEqualTo(texts("after"));
    }

    @Test
    void handlesAnErrorAndShowsItToTheHandler() {
        Task handler =
                set("handle", (input, arguments) -> argument(arguments, "error").get("status"));
        Play play =
                Play.of(
                                workflow(
                                        "try",
                                        attempt(
                                                "guarded",
                                                null,
                                                scope(handler),
                                                raise("oops", 418))))
                        .start();

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(play.state.output()).isEqualTo(JSON.numberNode(418));
    }

    @Test
    void retriesABlockAndGivesUpWithItsError() {
        Play play =
                Play.of(
                                workflow(
                                        "retry",
                                        attempt(
                                                "guarded",
                                                retry(2, Duration.ofSeconds(5)),
                                                null,
                                                raise("oops", 500))))
                        .start();

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        play.pass(Duration.ofSeconds(4));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        play.pass(Duration.ofSeconds(1)).pass(Duration.ofSeconds(5));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(play.types())
                .containsSubsequence(
                        "TryRetryScheduled",
                        "TryRestarted",
                        "TryRetryScheduled",
                        "TryRestarted",
                        "ExecutionFaulted");
    }

    @Test
    void endsTheOtherBranchesBeforeAHandlerRuns() {
        Play play =
                Play.of(
                                workflow(
                                        "fault",
                                        attempt(
                                                "guarded",
                                                null,
                                                scope(add("handled")),
                                                fork(
                                                        "both",
                                                        false,
                                                        call("long", "f"),
                                                        raise("oops", 500)))))
                        .start(JSON.arrayNode());

        assertThat(play.types()).doesNotContain("ErrorCaught");
        play.end("long", new StepResult.Cancelled());

        assertThat(play.state.output()).isEqualTo(texts("handled"));
    }

    @Test
    void waitsUntilItsTime() {
        Play play =
                Play.of(workflow("wait", pause("pause", Duration.ofDays(40)), add("after")))
                        .start(JSON.arrayNode());

        assertThat(play.state.isBusy()).isFalse();
        assertThat(play.state.nextDue()).isNotNull();
        // The platform's maximum is 30 days here, whatever the document says.
        play.pass(Duration.ofDays(40));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(error(play).code()).isEqualTo("MAX_DURATION_EXCEEDED");
    }

    @Test
    void retriesWhatNeverStartedUnasked() {
        Play play = Play.of(workflow("unasked", call("x", "f"))).start();

        play.fail("x", "BACKEND_UNAVAILABLE", Progress.NEVER_STARTED);
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        play.pass(Duration.ofSeconds(1));

        assertThat(play.running("x").attempt()).isEqualTo(2);
    }

    @Test
    void neverRepeatsWhatMayHaveCommittedByItself() {
        Play play = Play.of(workflow("undecided", call("x", "f"))).function("f", false, 5).start();

        play.fail("x", "LOST", Progress.MAY_HAVE_COMMITTED).pass(Duration.ofHours(1));

        assertThat(play.running()).isEmpty();
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        assertThat(play.types()).endsWith("StepUndecided");
        play.send(
                new Message.Decide(
                        2 - 1, "user:ann", Message.Verdict.ACCEPT, JSON.textNode("it did"), null));
        assertThat(play.state.output()).isEqualTo(JSON.textNode("it did"));
    }

    @Test
    void repeatsWhatMayHaveCommittedOnWordOfAPerson() {
        Play play = Play.of(workflow("rerun", call("x", "f"))).start();

        play.fail("x", "LOST", Progress.MAY_HAVE_COMMITTED);
        play.send(new Message.Decide(1, "user:ann", Message.Verdict.RERUN, null, null));

        assertThat(play.running("x").attempt()).isEqualTo(2);
    }

    @Test
    void repeatsWhatMayHaveCommittedWhenTheFunctionIsIdempotent() {
        Play play = Play.of(workflow("idempotent", call("x", "f"))).function("f", true, 0).start();

        play.fail("x", "LOST", Progress.MAY_HAVE_COMMITTED).pass(Duration.ofSeconds(1));

        assertThat(play.running("x").attempt()).isEqualTo(2);
    }

    @Test
    void givesACatchWhatMayHaveCommittedButDoesNotRetryTheBlock() {
        Task guarded =
                attempt(
                        "guarded",
                        retry(3, Duration.ofSeconds(1)),
                        scope(add("handled")),
                        call("x", "f"));
        Play play = Play.of(workflow("caught", guarded)).start(JSON.arrayNode());

        play.fail("x", "LOST", Progress.MAY_HAVE_COMMITTED);

        assertThat(play.types()).doesNotContain("TryRetryScheduled");
        assertThat(play.state.output()).isEqualTo(texts("handled"));
    }

    @Test
    void staysCancellingUntilTheBackendConfirms() {
        Play play = Play.of(workflow("cancel", call("x", "f"))).start();

        play.send(new Message.Cancel("user:ann", "enough"));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(play.state.currentTasks().getFirst().status()).isEqualTo("cancelling");
        play.end("x", new StepResult.Cancelled());

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThatThrownBy(() -> play.send(new Message.Cancel("user:ann", null)))
                .hasMessageContaining("cannot be cancelled");
    }

    @Test
    void keepsResultsWhileSuspendedAndGoesOnAfterwards() {
        Play play = Play.of(workflow("suspend", call("x", "f"), call("y", "f"))).start();

        play.send(new Message.Suspend("user:ann", null));
        play.succeed("x");
        assertThat(play.running()).isEmpty();
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.SUSPENDED);
        play.send(new Message.Resume("user:ann")).succeed("y");

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    void takesAFaultedExecutionUpWhereItFaulted() {
        Play play =
                Play.of(
                                workflow(
                                        "again",
                                        fork(
                                                "both",
                                                false,
                                                sequence("left", call("a", "f"), call("b", "f")),
                                                call("c", "f"))))
                        .start();
        play.succeed("a").succeed("c");
        play.fail("b", "EXIT_NONZERO", Progress.ENDED);
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);

        play.send(new Message.Retry("user:ann"));

        assertThat(play.running()).extracting(ticket -> ticket.task().name()).containsExactly("b");
        play.succeed("b");
        assertThat(play.state.output()).isEqualTo(texts("b", "c"));
    }

    @Test
    void endsATaskAtItsTimeout() {
        Task slow =
                new Task.Do(
                        PlanBuilder.withTimeout("slow", Duration.ofSeconds(10)),
                        scope(call("x", "f")));
        Play play = Play.of(workflow("timeout", slow)).function("f", true, 0).start();

        play.pass(Duration.ofSeconds(10)).end("x", new StepResult.Cancelled());

        assertThat(error(play).status()).isEqualTo(408);
        assertThat(error(play).instance()).isEqualTo("/slow");
    }

    @Test
    void stopsAnEndlessLoop() {
        Task again =
                new Task.Set(common("again", new Directive.GoTo(0)), constant(JSON.textNode("x")));

        Play play = Play.of(workflow("endless", again)).start();

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(error(play).code()).isEqualTo("TASK_LIMIT_EXCEEDED");
    }

    @Test
    void ignoresWhatComesTooLate() {
        Play play = Play.of(workflow("late", call("x", "f"))).function("f", true, 0).start();
        Command.Ticket first = play.running("x");
        play.fail("x", "LOST", Progress.MAY_HAVE_COMMITTED).pass(Duration.ofSeconds(1));

        play.send(
                new Message.Ended(
                        first.step(),
                        1,
                        new StepResult.Succeeded(JSON.textNode("late"), null),
                        true));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
        assertThat(play.running("x").attempt()).isEqualTo(2);
    }

    @Test
    void waitsForAChildAndTakesItsOutput() {
        Task run =
                new Task.RunWorkflow(
                        common("child"),
                        workflow("other").ref(),
                        null,
                        true,
                        Task.ProcessReturn.STDOUT);
        Play play = Play.of(workflow("parent", run)).start();
        Command.StartChild start = (Command.StartChild) play.commands.getFirst();

        play.send(new Message.ChildEnded(start.frame(), ExecutionStatus.RUNNING, null, null));
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
        play.send(
                new Message.ChildEnded(
                        start.frame(), ExecutionStatus.COMPLETED, JSON.textNode("done"), null));

        assertThat(play.state.output()).isEqualTo(JSON.textNode("done"));
    }

    @Test
    void keepsTheOrderOfBranchesThroughASnapshot() {
        Play play = Play.of(workflow("order", fork("both", false, call("a", "f"), call("b", "f"))));
        play.start();
        play.succeed("b");
        play.throughSnapshot();
        play.succeed("a");

        assertThat(play.state.output()).isEqualTo(texts("a", "b"));
    }

    @Test
    void doesNotRepeatWhatTheAdapterCallsNotRetryable() {
        Play play =
                Play.of(
                                workflow(
                                        "final",
                                        attempt(
                                                "try",
                                                retry(3, Duration.ofSeconds(1)),
                                                null,
                                                fork("f", false, call("x", "f")))))
                        .function("f", true, 3)
                        .start();

        play.end("x", failed("CARD_DECLINED", false)).pass(Duration.ofDays(1));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(play.running()).isEmpty();
    }

    @Test
    void leavesTheAnswersOfServicesToTheAuthor() {
        Play play =
                Play.of(
                                workflow(
                                        "answers",
                                        attempt(
                                                "try",
                                                retry(1, Duration.ofSeconds(1)),
                                                null,
                                                call("x", "f"))))
                        .start();

        play.end("x", answered(404)).pass(Duration.ofSeconds(1));

        assertThat(play.running("x").attempt()).isEqualTo(1);
        assertThat(play.state.status()).isEqualTo(ExecutionStatus.RUNNING);
    }

    private static StepResult answered(int status) {
        return new StepResult.Failed(
                new Failure(
                        "HTTP_" + status,
                        "no",
                        Failure.Actor.AUTHOR,
                        false,
                        Progress.ENDED,
                        Failure.By.SERVICE,
                        status),
                null,
                null);
    }

    private static StepResult failed(String code, boolean retryable) {
        return new StepResult.Failed(
                new Failure(code, "no", Failure.Actor.AUTHOR, retryable, Progress.ENDED),
                null,
                null);
    }
}
