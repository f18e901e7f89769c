package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.append;
import static dev.gantry.orchestrator.engine.PlanBuilder.attempt;
import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.common;
import static dev.gantry.orchestrator.engine.PlanBuilder.fork;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.ref;
import static dev.gantry.orchestrator.engine.PlanBuilder.retry;
import static dev.gantry.orchestrator.engine.PlanBuilder.scope;
import static dev.gantry.orchestrator.engine.PlanBuilder.sequence;
import static dev.gantry.orchestrator.engine.PlanBuilder.set;
import static dev.gantry.orchestrator.engine.PlanBuilder.value;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Listening;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.journal.Journals;
import dev.gantry.spi.Failure.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random workflows meet random endings: the journal alone gives the state, at every point of it.
 */
class ReplayTest {
    private int names;
    private int events;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void foldsToTheSameStateWhateverHappened(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            Play play = Play.of(plan(random)).start(JSON.arrayNode());
            for (int i = 0; i < 60 && !play.state.status().isTerminal(); i++) {
                ExecutionStatus before = play.state.status();
                step(play, random);
                ExecutionStatus after = play.state.status();
                assertThat(before == after || before.successors().contains(after))
                        .as("seed %d round %d: from %s to %s", seed, round, before, after)
                        .isTrue();
                assertThat(Journals.text(StateImage.of(play.replayed())))
                        .as("seed %d round %d after %s", seed, round, play.types())
                        .isEqualTo(Journals.text(StateImage.of(play.state)));
                assertThat(LeasesTest.shown(LeasesTest.folded(play)))
                        .as("seed %d round %d: what is held, after %s", seed, round, play.types())
                        .isEqualTo(LeasesTest.shown(play.state.leases(any -> true)));
                if (random.nextInt(5) == 0) {
                    play.throughSnapshot();
                }
            }
        }
    }

    private void step(Play play, Random random) {
        List<Command.Ticket> running = play.running();
        if (!play.state.listeners().isEmpty() && random.nextInt(3) == 0) {
            ObjectNode event = JSON.objectNode();
            event.put("type", random.nextInt(3) == 0 ? "end" : "tick").put("data", events);
            play.send(new Message.EventArrived(++events - random.nextInt(2), event));
            return;
        }
        if (running.isEmpty() || random.nextInt(6) == 0) {
            play.pass(Duration.ofSeconds(random.nextInt(20)));
            return;
        }
        Command.Ticket ticket = running.get(random.nextInt(running.size()));
        String task = ticket.task().name();
        boolean cancelling =
                play.state.currentTasks().stream()
                        .anyMatch(t ->
                                t.step() != null
                                        && t.step() == ticket.step()
                                        && t.status().equals("cancelling"));
        switch (cancelling ? 0 : 1 + random.nextInt(8)) {
            case 0 -> play.end(task, new StepResult.Cancelled());
            case 1 -> play.fail(task, "EXIT_NONZERO", Progress.ENDED);
            case 2 -> play.fail(task, "BACKEND_UNAVAILABLE", Progress.NEVER_STARTED);
            case 3 -> {
                if (random.nextInt(8) == 0) {
                    play.send(new Message.Cancel("user:ann", null));
                } else {
                    play.fail(task, "LOST", Progress.MAY_HAVE_COMMITTED);
                }
            }
            case 4 ->
                    play.send(
                            new Message.Provisioned(
                                    ticket.step(), ticket.attempt(), new byte[] {1}));
            default -> play.succeed(task);
        }
    }

    private WorkflowPlan plan(Random random) {
        return workflow("random", tasks(random, 3).toArray(Task[]::new));
    }

    private List<Task> tasks(Random random, int depth) {
        List<Task> tasks = new ArrayList<>();
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            tasks.add(task(random, depth));
        }
        return tasks;
    }

    private Task task(Random random, int depth) {
        String name = "t" + ++names;
        Task[] below = depth == 0 ? new Task[0] : tasks(random, depth - 1).toArray(Task[]::new);
        return switch (depth == 0 ? random.nextInt(4) : random.nextInt(11)) {
            case 0 -> set(name, (input, arguments) -> append(JSON.arrayNode(), name));
            case 1 -> undoable(name, random);
            case 2 -> call(name, random.nextBoolean() ? "safe" : "risky");
            case 3 -> listen(name, random, below);
            case 8 -> pause(name, Duration.ofSeconds(random.nextInt(30)));
            case 4 -> fork(name, random.nextBoolean(), below);
            case 5 ->
                    attempt(
                            name,
                            random.nextBoolean() ? retry(2, Duration.ofSeconds(3)) : null,
                            scope(call(name + "h", "safe")),
                            below);
            case 9 -> loop(name, 1 + random.nextInt(3), below);
            case 10 -> extended(name, random.nextBoolean(), sequence(name + "x", below));
            default -> sequence(name, below);
        };
    }

    private static Task loop(String name, int concurrency, Task... below) {
        JsonNode items = JSON.arrayNode().add(1).add(2).add(3);
        return new Task.For(
                common(name),
                "item",
                "index",
                value((input, arguments) -> items),
                null,
                scope(below),
                concurrency);
    }

    private static Task extended(String name, boolean replaced, Task task) {
        Directive then = replaced ? Directive.EXIT : Directive.CONTINUE;
        Task before =
                sequence(
                        name + "b",
                        call(name + "bc", "safe"),
                        new Task.Set(
                                common(name + "bs", then),
                                (input, arguments) -> JSON.textNode(name)));
        Task after = sequence(name + "a", call(name + "ac", "safe"));
        return new Task.Extended(task.common(), scope(before, task, after), 1);
    }

    private static Task listen(String name, Random random, Task... below) {
        Listening.Filter any = new Listening.Filter(null, Map.of(), Map.of());
        Listening.Filter end =
                new Listening.Filter(
                        "end",
                        Map.of("type", (value, arguments) -> value.asText().equals("end")),
                        Map.of());
        Listening until = new Listening(Listening.Mode.ONE, List.of(end), null, null);
        boolean one = random.nextBoolean();
        return new Task.Listen(
                common(name),
                new Listening(
                        one ? Listening.Mode.ONE : Listening.Mode.ANY,
                        List.of(any),
                        null,
                        one ? null : until),
                Task.EventRead.DATA,
                random.nextBoolean()
                        ? null
                        : new Task.Listen.Each("item", "at", scope(below), DataFlow.IDENTITY));
    }

    private static Task undoable(String name, Random random) {
        Task.Common common =
                new Task.Common(
                        name,
                        "/" + name,
                        null,
                        DataFlow.IDENTITY,
                        null,
                        Directive.CONTINUE,
                        JSON.objectNode(),
                        (Task.Do) sequence(name + "u", call(name + "undo", "safe")),
                        null);
        return random.nextBoolean()
                ? new Task.CallFunction(common, ref("safe"), null, Task.Placement.DEFAULT)
                : new Task.Set(common, (input, arguments) -> JSON.textNode(name));
    }
}
