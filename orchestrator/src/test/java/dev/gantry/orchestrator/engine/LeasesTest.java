package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.ref;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Failure.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is held follows from the events alone. */
class LeasesTest {
    private final Play play = Play.of(workflow("one", call("a", "echo"))).start();

    /** What somebody knows who has read all events. */
    static Leases folded(Play play) {
        Leases leases = new Leases();
        play.journal.forEach(events -> leases.apply(events, step -> null, any -> true));
        return leases;
    }

    static Set<String> shown(Leases leases) {
        Set<String> shown = new TreeSet<>();
        leases.all()
                .forEach(change ->
                        shown.add(
                                change.lease().step()
                                        + "."
                                        + change.lease().attempt()
                                        + " "
                                        + change.lease().state()));
        return shown;
    }

    /** Each change as it is written. */
    private List<String> written() {
        Leases leases = new Leases();
        List<String> written = new ArrayList<>();
        for (List<Event> events : play.journal) {
            for (Leases.Change change :
                    leases.apply(events, play.state::function, adapter -> true)) {
                Lease lease = change.lease();
                written.add(
                        "%d.%d %s%s"
                                .formatted(
                                        lease.step(),
                                        lease.attempt(),
                                        change.isGone() ? "gone" : lease.state(),
                                        lease.reason() == null ? "" : " " + lease.reason()));
            }
        }
        return written;
    }

    private void provision(int attempt) {
        play.send(new Message.Provisioned(1, attempt, new byte[] {1}));
    }

    private void end(int attempt, StepResult result) {
        play.send(new Message.Ended(1, attempt, result, false));
    }

    private static StepResult done() {
        return new StepResult.Succeeded(PlanBuilder.JSON.objectNode(), null);
    }

    @Test
    void holdsFromTheIntentUntilNothingIsLeft() {
        provision(1);
        end(1, done());
        play.send(new Message.Released(1, 1, null));

        assertThat(written())
                .containsExactly("1.1 HELD", "1.1 PROVISIONED", "1.1 RELEASING", "1.1 gone");
        assertThat(folded(play).all()).isEmpty();
    }

    @Test
    void saysWhichFunctionTakesThePlace() {
        Leases leases = new Leases();
        List<Leases.Change> changes =
                leases.apply(
                        play.journal.getFirst(),
                        play.state::function,
                        adapter -> adapter.equals("local-mock"));

        assertThat(changes)
                .extracting(Leases.Change::lease)
                .containsExactly(
                        new Lease(1, 1, "local-mock", ref("echo"), Lease.State.HELD, null));
    }

    @Test
    void knowsNothingOfWhatHoldsNothing() {
        Leases leases = new Leases();
        provision(1);
        end(1, done());

        for (List<Event> events : play.journal) {
            assertThat(leases.apply(events, play.state::function, adapter -> false)).isEmpty();
        }
    }

    @Test
    void isDoneWithWhatCouldNotBeMade() {
        play.fail("a", "IMAGE_NOT_FOUND", Progress.NEVER_STARTED);

        assertThat(written()).startsWith("1.1 HELD", "1.1 gone");
    }

    @Test
    void leavesWhatCannotBeTornDownForAPersonToSee() {
        provision(1);
        end(1, done());
        play.send(new Message.Released(1, 1, "BACKEND_UNAVAILABLE"));

        assertThat(written()).endsWith("1.1 RELEASING", "1.1 RELEASE_FAILED BACKEND_UNAVAILABLE");
        assertThat(folded(play).all()).as("the reaper has it now").isEmpty();
    }

    @Test
    void keepsWhatCannotBeCollected() {
        provision(1);
        play.send(new Message.Uncollected(1, 1, "BACKEND_UNAVAILABLE"));
        assertThat(written()).endsWith("1.1 UNCOLLECTED BACKEND_UNAVAILABLE");
        int commands = play.commands.size();

        play.send(new Message.Ended(1, 1, done(), false, "ARTIFACT_LOST"));

        assertThat(written()).endsWith("1.1 UNCOLLECTED ARTIFACT_LOST");
        assertThat(play.commands.subList(commands, play.commands.size()))
                .as("nothing is torn down")
                .noneMatch(Command.ReleaseStep.class::isInstance);
        assertThat(play.state.isSettled()).isTrue();
    }

    @Test
    void hasALeaseForEachAttempt() {
        play.function("echo", true, 0);
        provision(1);
        end(
                1,
                new StepResult.Failed(
                        new dev.gantry.spi.Failure(
                                "BACKEND_UNAVAILABLE",
                                "away",
                                dev.gantry.spi.Failure.Actor.BACKEND,
                                true,
                                Progress.NEVER_STARTED),
                        null,
                        null));
        play.pass(Duration.ofHours(1));
        assertThat(shown(folded(play))).containsExactly("1.1 RELEASING");
        play.send(new Message.Released(1, 1, null));
        play.pass(Duration.ofHours(1));

        assertThat(shown(folded(play))).containsExactly("1.2 HELD");
        assertThat(shown(play.state.leases(any -> true))).containsExactly("1.2 HELD");
    }
}
