package dev.gantry.adapter.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.process.StartCheck;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.Workload.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How scripts and images come to the engine. */
class ScriptsOnEngineTest {
    private final Bench bench = new Bench(Map.of());

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void takeScriptsThatAreLongerThanAnArgument() throws Exception {
        String script = "# 0123456789\n".repeat(80_000) + "echo ok";

        assertThat(bench.run(Steps.shell(Result.FUNCTION, script)).output()).isEqualTo("\"ok\\n\"");
    }

    @Test
    void takeTheLongestArgumentAndVariableThatAProcessMayHave() throws Exception {
        Workload.Process process =
                Steps.process(
                        Engine.IMAGE,
                        List.of("/bin/sh"),
                        new Workload.Script("script.sh", "echo ${#1} ${#LONG}"),
                        List.of("x".repeat(StartCheck.LONGEST)),
                        Map.of("LONG", "y".repeat(StartCheck.LONGEST - 5)),
                        Result.FUNCTION);

        assertThat(bench.run(process).output()).isEqualTo("\"131071 131066\\n\"");
    }

    @Test
    void takeAsManyArgumentsAsAProcessMayHave() throws Exception {
        List<String> many = java.util.Collections.nCopies(17, "x".repeat(100_000));
        Workload.Process process =
                Steps.process(
                        Engine.IMAGE,
                        List.of("/bin/sh"),
                        new Workload.Script("script.sh", "echo $#"),
                        many,
                        Map.of(),
                        Result.FUNCTION);

        assertThat(bench.run(process).output()).isEqualTo("17\n");
    }

    @Test
    void leaveArgumentsToTheScript() throws Exception {
        String[] arguments = {"-c", "--version", "-1", "", "a b", "--"};

        assertThat(
                        bench.run(
                                        Steps.shell(
                                                Result.FUNCTION,
                                                "for a; do printf '<%s>' \"$a\"; done",
                                                arguments))
                                .output())
                .isEqualTo("\"<-c><--version><-1><><a b><-->\"");
    }

    @Test
    void tellARegistryThatIsAwayFromAnImageThatIsNotThere() {
        Failure away = pull("127.0.0.1:1/team/tool:1", Workload.PullPolicy.IF_NOT_PRESENT);

        assertThat(away.code()).isEqualTo(Code.BACKEND_UNAVAILABLE);
        assertThat(away.actor()).isEqualTo(Actor.BACKEND);
        assertThat(away.retryable()).isTrue();
        assertThat(away.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(away.message()).contains("127.0.0.1:1", "registry");
        assertThat(pull("gantry/not-there:1", Workload.PullPolicy.NEVER).code())
                .isEqualTo(Code.IMAGE_NOT_FOUND);
    }

    private Failure pull(String image, Workload.PullPolicy policy) {
        Workload.Process process =
                new Workload.Process(
                        "step",
                        image,
                        List.of(),
                        List.of(),
                        Map.of(),
                        "",
                        policy,
                        Result.FUNCTION,
                        Workload.Retention.REMOVE);
        return catchThrowableOfType(
                        ProvisionException.class,
                        () -> bench.adapter.provision(Steps.of(bench.installation, process)))
                .failure();
    }
}
