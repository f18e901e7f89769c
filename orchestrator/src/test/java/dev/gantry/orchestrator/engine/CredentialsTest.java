package dev.gantry.orchestrator.engine;

import static dev.gantry.orchestrator.engine.PlanBuilder.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.orchestrator.definition.compile.Documents;
import dev.gantry.spi.Failure.Progress;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a call proves itself with reaches the adapter, and nothing else. */
class CredentialsTest {
    private static Play play() {
        return Play.of(
                        Documents.workflow(
                                """
                                document: {dsl: 1.0.3, namespace: test, name: auth, version: 1.0.0}
                                use:
                                  authentications:
                                    bank:
                                      basic:
                                        username: ${ .user }
                                        password: ${ "pw-" + .user }
                                do:
                                  - pay:
                                      call: http
                                      with:
                                        method: get
                                        endpoint: {uri: "https://example.com", authentication: {use: bank}}
                                """))
                .start(JSON.objectNode().put("user", "ann"));
    }

    @Test
    void areWorkedOutForEveryAttemptAndInNoEvent() {
        Play play = play();
        assertThat(Objects.requireNonNull(play.running("pay").credentials()).toString())
                .isEqualTo("{\"scheme\":\"basic\",\"username\":\"ann\",\"password\":\"pw-ann\"}");

        play.fail("pay", "BACKEND_UNAVAILABLE", Progress.NEVER_STARTED);
        play.pass(Duration.ofMinutes(5));
        Command.Ticket second = play.running("pay");
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(Objects.requireNonNull(second.credentials()).path("password").asText())
                .isEqualTo("pw-ann");
        assertThat(play.journal.toString()).doesNotContain("pw-ann");
    }

    @Test
    void areWorkedOutAgainAfterACrash() {
        Command.RunStep run = (Command.RunStep) Decider.recover(play().replayed()).getFirst();
        assertThat(Objects.requireNonNull(run.ticket().credentials()).path("username").asText())
                .isEqualTo("ann");
    }

    @Test
    void faultTheTaskWhenTheyCannotBeWorkedOut() {
        Play play =
                Play.of(
                                Documents.workflow(
                                        """
                                        document: {dsl: 1.0.3, namespace: test, name: auth, version: 1.0.0}
                                        do:
                                          - pay:
                                              call: http
                                              with:
                                                method: get
                                                endpoint:
                                                  uri: https://example.com
                                                  authentication: {bearer: {token: "${ .user.name }"}}
                                        """))
                        .start(JSON.objectNode().put("user", "ann"));
        assertThat(Objects.requireNonNull(play.state.error()).type()).endsWith("/expression");
        assertThat(play.running()).isEmpty();
    }
}
