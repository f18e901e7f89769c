package dev.gantry.adapter.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Code;
import dev.gantry.spi.Failure.Progress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the last line of a log and the error of an answer say. */
class ReportTest {
    private static final String ID = "8f507cfc-1234-4d55-9a5e-3a2c9f0e1b2a";

    @Test
    void readsAReportInText() {
        Report report =
                Report.among(
                        List.of(
                                "REPORT RequestId: 00000000-0000-0000-0000-000000000000\tDuration: 1.00 ms\t",
                                "REPORT RequestId: %s\tDuration: 102.25 ms\tBilled Duration: 103 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\tInit Duration: 245.50 ms\tRestore Duration: 12.5 ms\tStatus: timeout\t"
                                        .formatted(ID),
                                "XRAY TraceId: 1-5e"),
                        ID);

        assertThat(report)
                .isEqualTo(new Report(102L, 103L, 128L << 20, 70L << 20, 246L, 13L, "timeout"));
    }

    @Test
    void readsAReportInJson() {
        Report report =
                Report.among(
                        List.of(
                                "{\"time\":\"2026-01-01T00:00:00Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"%s\",\"metrics\":{\"durationMs\":10.4,\"billedDurationMs\":11,\"memorySizeMB\":128,\"maxMemoryUsedMB\":30},\"status\":\"success\"}}"
                                        .formatted(ID)),
                        ID);

        assertThat(report)
                .isEqualTo(new Report(10L, 11L, 128L << 20, 30L << 20, null, null, "success"));
    }

    @Test
    void takesNoLineOfTheFunctionForAReport() {
        assertThat(
                        Report.among(
                                List.of("{platform.report", "{\"type\":\"platform.report\"}", ""),
                                ID))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Sandbox.Timedout,timed out,TIMEOUT,MAY_HAVE_COMMITTED,true",
        "Runtime.ExitError,Error: exit status 1,LAMBDA_PROCESS_EXITED,MAY_HAVE_COMMITTED,true",
        "Runtime.ExitError,Error: signal: killed,OUT_OF_MEMORY,MAY_HAVE_COMMITTED,false",
        "Runtime.OutOfMemory,exceeded,OUT_OF_MEMORY,MAY_HAVE_COMMITTED,false",
        "Function.ResponseSizeTooLarge,too large,OUTPUT_TOO_LARGE,MAY_HAVE_COMMITTED,false",
        "Runtime.MarshalError,Unable to marshal,FUNCTION_ERROR,MAY_HAVE_COMMITTED,false",
        "Runtime.ImportModuleError,No module,FUNCTION_ERROR,ENDED,false",
        "Runtime.HandlerNotFound,No handler,FUNCTION_ERROR,ENDED,false",
        "Runtime.SomethingNew,?,FUNCTION_ERROR,MAY_HAVE_COMMITTED,true",
        "Extension.Crash,?,FUNCTION_ERROR,MAY_HAVE_COMMITTED,true",
        "java.lang.IllegalStateException,no,FUNCTION_ERROR,ENDED,true",
        "MyError,no,FUNCTION_ERROR,ENDED,true"
    })
    void tellsErrorsApartByTheirType(
            String type, String message, String code, Progress progress, boolean retryable) {
        Report full = new Report(1L, 1L, 128L << 20, 128L << 20, null, null, null);

        Failure failure = FunctionErrors.of(type, message, full);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.progress()).isEqualTo(progress);
        assertThat(failure.retryable()).isEqualTo(retryable);
    }

    /** Lambda writes no "Task timed out" any more; after a cold start the figures tell nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Runtime.SomethingNew"})
    void knowsATimeoutByTheReportAlone(String type) throws Exception {
        Report report =
                Report.among(
                        List.of(
                                "REPORT RequestId: %s\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\tInit Duration: 107.33 ms\tStatus: timeout"
                                        .formatted(ID)),
                        ID);
        var answer = new ObjectMapper().readTree("{\"errorType\":\"%s\"}".formatted(type));

        assertThat(FunctionErrors.of(answer, report).code()).isEqualTo(Code.TIMEOUT);
        assertThat(FunctionErrors.of(null, report).code()).isEqualTo(Code.TIMEOUT);
        assertThat(FunctionErrors.of(null, report).progress())
                .isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void callsAKillNoLackOfMemoryWhereThereWasSome() {
        Report roomy = new Report(1L, 1L, 128L << 20, 64L << 20, null, null, null);

        assertThat(FunctionErrors.of("Runtime.ExitError", "signal: killed", roomy).code())
                .isEqualTo(FunctionErrors.EXITED);
    }

    @Test
    void knowsLittleOfAnErrorThatHasNoForm() throws Exception {
        var text = Objects.requireNonNull(new ObjectMapper().readTree("\"boom\""));

        Failure failure = FunctionErrors.of(text, null);

        assertThat(failure.code()).isEqualTo(Code.FUNCTION_ERROR);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }
}
