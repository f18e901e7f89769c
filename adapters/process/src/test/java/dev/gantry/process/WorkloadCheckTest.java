package dev.gantry.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Limits;
import dev.gantry.spi.ProvisionException;
import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WorkloadCheckTest {
    private static final LimitPolicy LIMITS =
            new LimitPolicy("gantry.adapters.kit", 250, 128L << 20, 500, 256L << 20);

    private record Simple(Workload.Process process, List<WorkloadProblem> mistakes)
            implements Plan {}

    private static WorkloadCheck<Simple> check(WorkloadProblem... mistakes) {
        ImagePolicy images = new ImagePolicy(List.of("tool", "tools/*"), "allowed");
        return new WorkloadCheck<>(
                workload -> new Simple((Workload.Process) workload, List.of(mistakes)),
                (tenant, plan) -> images.violations(tenant, plan.process().image()),
                LIMITS);
    }

    private static List<String> pointers(Workload.Process process) {
        return check().problems("acme", process).stream().map(WorkloadProblem::pointer).toList();
    }

    private static Failure refusal(WorkloadCheck<Simple> check, Attempt attempt) {
        ProvisionException refused =
                Objects.requireNonNull(
                        catchThrowableOfType(
                                ProvisionException.class, () -> check.require(attempt)));
        Failure failure = refused.failure();
        assertThat(failure.actor()).isEqualTo(Actor.AUTHOR);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.retryable()).isFalse();
        return failure;
    }

    private static Workload.Process process(String argument, String variable) {
        return Given.process("tool", List.of("a", argument), Map.of("L", variable));
    }

    @Test
    void saysWhichTextIsTooLongForAProcess() {
        String longest = "x".repeat(131_071);

        assertThat(pointers(process(longest, "x".repeat(131_069)))).isEmpty();
        assertThat(pointers(process(longest + "x", "x".repeat(131_070))))
                .containsExactly("/arguments/1", "/environment/L");
    }

    @Test
    void countsBytesAndNotLetters() {
        assertThat(pointers(process("ä".repeat(65_536), ""))).containsExactly("/arguments/1");
    }

    @Test
    void addsUpWhatAProcessIsGiven() {
        List<String> many = Collections.nCopies(20, "x".repeat(100_000));

        assertThat(check().problems("acme", Given.process("tool", many, Map.of())))
                .extracting(WorkloadProblem::message)
                .allSatisfy(message -> assertThat(message).contains("together"))
                .hasSize(1);
    }

    @Test
    void knowsNamesThatNoVariableHas() {
        Map<String, String> odd = Map.of("a=b", "x", "", "x", "N\0", "x", "GANTRY_STEP", "1");

        assertThat(pointers(Given.process("tool", List.of(), odd)))
                .containsExactlyInAnyOrder(
                        "/environment/a=b",
                        "/environment/",
                        "/environment/N\0",
                        "/environment/GANTRY_STEP");
    }

    @Test
    void refusesToRunWhatIsWrong() {
        Failure failure = refusal(check(), Given.attempt(process("a\0b", "x")));

        assertThat(failure.code()).isEqualTo(Code.INVALID_WORKLOAD);
        assertThat(failure.message()).contains("argument 2", "NUL");
    }

    @Test
    void refusesMistakesOfItsBlock() {
        WorkloadCheck<Simple> check =
                check(new WorkloadProblem("/user", "'user' is a list", "text", null));

        assertThat(refusal(check, Given.attempt(process("a", "b"))).message())
                .isEqualTo("'user' is a list; expected is text");
    }

    @Test
    void refusesWhatIsNoImageAndWhatHasNone() {
        assertThat(pointers(Given.process("No Image", List.of(), Map.of())))
                .containsExactly("/image");
        // What is known only when it runs is no problem of the document.
        Workload.Process without = Given.process("", List.of(), Map.of());
        assertThat(pointers(without)).isEmpty();
        assertThat(refusal(check(), Given.attempt(without)).code())
                .isEqualTo(Code.INVALID_WORKLOAD);
    }

    @Test
    void refusesWhatTheTenantMayNotHave() {
        Workload.Process other = Given.process("other", List.of(), Map.of());

        assertThat(pointers(other)).containsExactly("/image");
        assertThat(refusal(check(), Given.attempt(other)).code()).isEqualTo(Code.NOT_ALLOWED);
    }

    @Test
    void givesNoMoreThanAWorkloadMayHave() throws ProvisionException {
        assertThat(limited(501, 1L << 20)).contains("501m", "at most 500m", "max-cpu-millis");
        assertThat(limited(1, 257L << 20))
                .contains("257 MiB", "gantry.adapters.kit.max-memory-mib");
        Workload.Process process = process("a", "b");
        Limits most = Given.limits(500, 256L << 20, 1, 1);
        assertThat(check().require(Given.attempt(process, "{}", most)).process())
                .isEqualTo(process);
    }

    private static String limited(int cpuMillis, long memoryBytes) {
        Limits limits = Given.limits(cpuMillis, memoryBytes, 1, 1);
        Failure failure = refusal(check(), Given.attempt(process("a", "b"), "{}", limits));
        assertThat(failure.code()).isEqualTo(Code.NOT_ALLOWED);
        return failure.message();
    }

    @Test
    void knowsWhichLimitsAreInForce() {
        assertThat(LIMITS.cpuMillis(Limits.defaults())).isEqualTo(250);
        assertThat(LIMITS.memoryBytes(Limits.defaults())).isEqualTo(128L << 20);
        Limits asked = Given.limits(10, 7L << 20, 1, 1);
        assertThat(LIMITS.cpuMillis(asked)).isEqualTo(10);
        assertThat(LIMITS.memoryBytes(asked)).isEqualTo(7L << 20);
    }
}
