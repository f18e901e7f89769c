package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Outcome;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, as it is journaled. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface StepResult {
    record Succeeded(JsonNode output, Outcome.@Nullable Usage usage) implements StepResult {}

    record Failed(
            Failure failure, Outcome.@Nullable ProcessResult process, Outcome.@Nullable Usage usage)
            implements StepResult {}

    record Cancelled(Outcome.@Nullable Usage usage) implements StepResult {
        /** Nothing of it ran, or nobody looked. */
        public Cancelled() {
            this(null);
        }
    }

    /** What it used, where that is known. */
    Outcome.@Nullable Usage usage();

    /** How a usage is written: what is not known is not there. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    interface UsageFields {}

    /** How a failure is written. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    interface FailureFields {}

    /** A failure's code: the adapter was away for as long as a step waits for it. */
    String ADAPTER_AWAY = "ADAPTER_AWAY";

    /** A failure's code: the adapter is away, and another one can take the step. */
    String ADAPTER_CHANGED = "ADAPTER_CHANGED";
}
