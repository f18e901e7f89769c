package dev.gantry.orchestrator.execution;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.time.Instant;

/**
 * Events as people read them: without type ids that only the journal needs, and without handles.
 */
final class EventJson {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(
                                            Instant.class, new TextSerializer<>(Instant.class))
                                    .addSerializer(
                                            ExecutionId.class,
                                            new TextSerializer<>(ExecutionId.class)))
                    .addMixIn(Event.StepProvisioned.class, WithoutHandle.class)
                    .addMixIn(Failure.class, StepResult.FailureFields.class)
                    .addMixIn(Outcome.Usage.class, StepResult.UsageFields.class)
                    .build();

    private EventJson() {}

    @JsonIgnoreProperties("handle")
    private interface WithoutHandle {}

    static JsonNode of(Event event) {
        ObjectNode json = MAPPER.valueToTree(event);
        json.remove("type");
        return json;
    }

    private static final class TextSerializer<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        TextSerializer(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider context)
                throws IOException {
            out.writeString(value.toString());
        }
    }
}
