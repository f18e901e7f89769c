package dev.gantry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Code;
import java.util.Locale;
import java.util.Set;

/** What every failure must look like, whatever broke. */
final class Failures {
    private static final Set<String> SHARED =
            Set.of(
                    Code.IMAGE_NOT_FOUND,
                    Code.INVALID_WORKLOAD,
                    Code.BACKEND_UNAVAILABLE,
                    Code.BACKEND_REFUSED,
                    Code.THROTTLED,
                    Code.EXIT_NONZERO,
                    Code.OUT_OF_MEMORY,
                    Code.KILLED,
                    Code.TIMEOUT,
                    Code.OUTPUT_TOO_LARGE,
                    Code.LOST,
                    Code.FUNCTION_ERROR);

    private Failures() {}

    /** A shared code or one with the kind as prefix, and a message that somebody can act on. */
    static void assertSound(Failure failure, AdapterFixture fixture) {
        String own = fixture.kind().toUpperCase(Locale.ROOT).replace('-', '_') + "_";
        assertThat(failure.code())
                .as("a shared code, or one of the adapter's own that begins with %s", own)
                .matches(code -> SHARED.contains(code) || code.startsWith(own))
                .matches("[A-Z][A-Z0-9_]*");
        assertThat(failure.message()).as("message of %s", failure.code()).isNotBlank();
        assertThat(failure.message())
                .as("a message says more than its code")
                .isNotEqualToIgnoringCase(failure.code());
        assertThat(failure.actor()).isNotNull();
        assertThat(failure.progress()).isNotNull();
    }
}
