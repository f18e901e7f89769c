package dev.gantry.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.plan.FunctionPlan;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.id.Need;
import dev.gantry.orchestrator.journal.Journals;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Drives one execution by hand, with a settable clock, and keeps its journal. */
final class Play implements Circumstances {
    ExecutionState state;
    final List<List<Event>> journal = new ArrayList<>();
    final List<Instant> times = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final Map<String, FunctionPlan> functions = new HashMap<>();
    private final WorkflowPlan plan;
    private final ExecutionId id = ExecutionId.of(1_000, 1, 2, 0, 1);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Limits limits = Limits.DEFAULT;
    private int ids;

    private Play(WorkflowPlan plan) {
        this.plan = plan;
        this.state = new ExecutionState(id, plan);
    }

    static Play of(WorkflowPlan plan) {
        return new Play(plan);
    }

    Play function(String name, boolean idempotent, int retries) {
        functions.put(
                name,
                PlanBuilder.function(
                        PlanBuilder.ref(name),
                        idempotent,
                        retries == 0 ? null : PlanBuilder.retry(retries, Duration.ofSeconds(1))));
        return this;
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    Play start(JsonNode input) {
        return start(input, null);
    }

    Play startWithin(@Nullable String traceparent) {
        return start(PlanBuilder.JSON.objectNode(), traceparent);
    }

    private Play start(JsonNode input, @Nullable String traceparent) {
        return send(
                new Message.Start(
                        new Event.ExecutionStarted(
                                "acme",
                                plan.ref(),
                                input,
                                "c-1",
                                "user:ann",
                                traceparent,
                                now.plus(Duration.ofDays(30)),
                                null,
                                0)));
    }

    Play start() {
        return start(PlanBuilder.JSON.objectNode());
    }

    Play send(Message message) {
        Decision decision = Decider.decide(state, message, this);
        if (decision.refused() != null) {
            throw new IllegalStateException(decision.refused());
        }
        if (!decision.events().isEmpty()) {
            journal.add(decision.events());
            times.add(now);
        }
        boolean cut = decision.commands().stream().anyMatch(Command.Continue.class::isInstance);
        decision.commands().stream()
                .filter(c -> !(c instanceof Command.Continue))
                .forEach(commands::add);
        return cut ? send(new Message.Proceed()) : this;
    }

    Play pass(Duration time) {
        now = now.plus(time);
        return send(new Message.Proceed());
    }

    /** The steps that were handed to adapters and not ended since. */
    List<Command.Ticket> running() {
        List<Command.Ticket> tickets = new ArrayList<>();
        for (Command command : commands) {
            if (command instanceof Command.RunStep run
                    && state.holds(run.ticket().step(), run.ticket().attempt())) {
                tickets.add(run.ticket());
            }
        }
        return tickets;
    }

    Command.Ticket running(String task) {
        return running().stream()
                .filter(ticket -> ticket.task().name().equals(task))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError(task + " does not run, but " + running()));
    }

    Play succeed(String task, JsonNode output) {
        return end(task, new StepResult.Succeeded(output, null));
    }

    Play succeed(String task) {
        return succeed(task, PlanBuilder.JSON.textNode(task));
    }

    Play fail(String task, String code, Progress progress) {
        return end(
                task,
                new StepResult.Failed(
                        new Failure(code, "it failed", Actor.AUTHOR, true, progress), null, null));
    }

    Play end(String task, StepResult result) {
        Command.Ticket ticket = running(task);
        return send(new Message.Ended(ticket.step(), ticket.attempt(), result, true));
    }

    /** Leaves memory and comes back, as far as a snapshot remembers. */
    void throughSnapshot() {
        StateImage image = StateImage.of(state);
        ExecutionState restored = Journals.stored(image).restore(id, plan);
        restored.loaded();
        assertThat(Journals.text(StateImage.of(restored))).isEqualTo(Journals.text(image));
        state = restored;
    }

    /** What somebody who has the journal only knows. */
    ExecutionState replayed() {
        ExecutionState other = new ExecutionState(id, plan);
        for (int i = 0; i < journal.size(); i++) {
            other.applyEntry(journal.get(i), times.get(i));
        }
        other.loaded();
        return other;
    }

    List<String> types() {
        return journal.stream()
                .flatMap(List::stream)
                .map(event -> event.getClass().getSimpleName())
                .toList();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public double random() {
        return 0.5;
    }

    @Override
    public ExecutionId newId() {
        return ExecutionId.of(2_000, ++ids, 3, 0, 1);
    }

    @Override
    public FunctionPlan function(DefinitionRef ref) {
        return functions.computeIfAbsent(
                ref.name(), name -> PlanBuilder.function(ref, false, null));
    }

    @Override
    public Placement place(Need need) {
        return new Placement(need.classes().getFirst(), "local-mock");
    }

    @Override
    public Limits limits() {
        return limits;
    }
}
