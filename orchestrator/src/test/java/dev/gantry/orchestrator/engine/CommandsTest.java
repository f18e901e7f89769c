package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static dev.gantry.orchestrator.engine.PlanBuilder.pause;
import static dev.gantry.orchestrator.engine.PlanBuilder.raise;
import static dev.gantry.orchestrator.engine.PlanBuilder.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Schema;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.WorkflowPlan;
import dev.gantry.spi.Failure.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which command fits which status; and that nothing happens to what has ended. */
class CommandsTest {
    private static final String CANCEL = "cancel";
    private static final String SUSPEND = "suspend";
    private static final String RESUME = "resume";
    private static final String RETRY = "retry";
    private static final String RERUN = "rerun";
    private static final String ACCEPT = "accept";
    private static final String FAIL = "fail";
    private static final List<String> ALL =
            List.of(CANCEL, SUSPEND, RESUME, RETRY, RERUN, ACCEPT, FAIL);

    private static Message message(String command) {
        return switch (command) {
            case CANCEL -> new Message.Cancel("user:ann", "enough");
            case SUSPEND -> new Message.Suspend("user:ann", null);
            case RESUME -> new Message.Resume("user:ann");
            case RETRY -> new Message.Retry("user:ann");
            case RERUN -> decide(Message.Verdict.RERUN);
            case ACCEPT -> decide(Message.Verdict.ACCEPT);
            case FAIL -> decide(Message.Verdict.FAIL);
            default -> throw new AssertionError(command);
        };
    }

    private static Message decide(Message.Verdict verdict) {
        return new Message.Decide(1, "user:ann", verdict, JSON.textNode("done"), "it is known");
    }

    /** Where an execution can stand, and what it takes there. */
    enum Standing {
        RUNNING(CANCEL, SUSPEND) {
            @Override
            Play play() {
                return steps();
            }
        },
        WAITING(CANCEL, SUSPEND) {
            @Override
            Play play() {
                return Play.of(workflow("w", pause("long", Duration.ofDays(1)))).start();
            }
        },
        SUSPENDED(CANCEL, RESUME) {
            @Override
            Play play() {
                return steps().send(new Message.Suspend("user:ann", null));
            }
        },
        UNDECIDED(CANCEL, SUSPEND, RERUN, ACCEPT, FAIL) {
            @Override
            Play play() {
                return steps().fail("x", "LOST", Progress.MAY_HAVE_COMMITTED);
            }
        },
        CANCELLING(CANCEL, SUSPEND) {
            @Override
            Play play() {
                return steps().send(message(CANCEL));
            }
        },
        CANCELLED {
            @Override
            Play play() {
                return steps().send(message(CANCEL)).end("x", new StepResult.Cancelled());
            }
        },
        COMPLETED {
            @Override
            Play play() {
                return steps().succeed("x");
            }
        },
        FAULTED(RETRY) {
            @Override
            Play play() {
                return Play.of(workflow("w", raise("no", 418))).start();
            }
        },
        FAULTED_WITH_A_STEP_UNDECIDED(RETRY) {
            @Override
            Play play() {
                Task both = PlanBuilder.fork("both", false, call("y", "f"), call("z", "f"));
                return Play.of(workflow("w", both))
                        .start()
                        .fail("y", "LOST", Progress.MAY_HAVE_COMMITTED)
                        .fail("z", "NO", Progress.ENDED);
            }
        },
        FAULTED_WHILE_SUSPENDED(RETRY) {
            @Override
            Play play() {
                Duration limit = Duration.ofSeconds(5);
                return Play.of(workflow("w", limit, pause("long", Duration.ofDays(1))))
                        .start()
                        .send(message(SUSPEND))
                        .pass(limit);
            }
        },
        FAULTED_AFTER_ITS_LONGEST {
            @Override
            Play play() {
                return Play.of(workflow("w", pause("long", Duration.ofDays(60))))
                        .start()
                        .pass(Duration.ofDays(30));
            }
        };

        private final String takes;

        Standing(String... takes) {
            this.takes = String.join(" ", takes);
        }

        abstract Play play();

        Set<String> takes() {
            return takes.isEmpty() ? Set.of() : Set.of(takes.split(" "));
        }

        private static Play steps() {
            return Play.of(workflow("w", call("x", "f"))).start();
        }
    }

    static Stream<Standing> standings() {
        return Stream.of(Standing.values());
    }

    @ParameterizedTest
    @MethodSource("standings")
    void takesWhatFitsAndRefusesTheRest(Standing standing) {
        List<String> taken = new ArrayList<>();
        for (String command : ALL) {
            Play play = standing.play();
            Decision decision = Decider.decide(play.state, message(command), play);
            if (decision.refused() == null) {
                taken.add(command);
            } else {
                assertThat(decision.events()).as("%s %s", standing, command).isEmpty();
                assertThat(decision.refused()).contains(play.state.id().toString());
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(standing.takes());
    }

    @ParameterizedTest
    @MethodSource("standings")
    void nothingHappensAfterTheEnd(Standing standing) {
        Play play = standing.play();
        if (!play.state.status().isTerminal()) {
            return;
        }
        List<Message> late =
                List.of(
                        new Message.Proceed(),
                        new Message.Provisioned(1, 1, new byte[] {1}),
                        new Message.Ended(1, 1, new StepResult.Cancelled(), true),
                        new Message.ChildEnded(1, ExecutionStatus.COMPLETED, null, null),
                        new Message.EventArrived(1, JSON.objectNode().put("type", "late")));
        for (Message message : late) {
            assertThat(Decider.decide(play.state, message, play).events())
                    .as("%s %s", standing, message)
                    .isEmpty();
        }
    }

    @Test
    void goesOnWhenWhatFaultedWhileSuspendedIsRetried() {
        Play play = Standing.FAULTED_WHILE_SUSPENDED.play();

        play.send(message(RETRY));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.WAITING);
        assertThat(play.types()).endsWith("ExecutionRetried", "ExecutionResumed");
        assertThat(play.replayed().status()).isEqualTo(ExecutionStatus.WAITING);
    }

    @Test
    void checksTheInputAgainWhenItIsRetried() {
        WorkflowPlan plan = workflow("w", call("x", "f"));
        DataFlow refusing =
                new DataFlow(
                        value -> List.of(new Schema.Finding("", "it is wrong")),
                        null,
                        null,
                        null,
                        null,
                        null);
        Play play =
                Play.of(
                                new WorkflowPlan(
                                        plan.ref(),
                                        refusing,
                                        null,
                                        plan.main(),
                                        List.of(),
                                        List.of(),
                                        null,
                                        Set.of(),
                                        plan.document()))
                        .start();

        play.send(message(RETRY));

        assertThat(play.state.status()).isEqualTo(ExecutionStatus.FAULTED);
        assertThat(Objects.requireNonNull(play.state.error()).code()).isEqualTo("SCHEMA_VIOLATION");
        assertThat(play.running()).isEmpty();
    }
}
