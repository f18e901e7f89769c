package dev.gantry.orchestrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Extent;
import dev.gantry.orchestrator.id.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.json.JsonMapper;

/** What an execution may hold can be shown, and what it may not cannot be sent. */
class DeepJsonTest {
    @Test
    void writesTheDeepestData() throws IOException {
        String deep = "[".repeat(Extent.MAX_DEPTH) + "]".repeat(Extent.MAX_DEPTH);
        JsonNode data = Json.read(deep.getBytes(StandardCharsets.UTF_8));
        JsonFactoryBuilder factory = JsonFactory.builder();
        new ApiConfig().boundedJson(settings(200)).customize(factory);
        JsonMapper mapper =
                JsonMapper.builder(factory.build()).addModule(new JsonNodeModule()).build();

        assertThat(mapper.writeValueAsString(Map.of("items", List.of(Map.of("output", data)))))
                .isEqualTo("{\"items\":[{\"output\":%s}]}".formatted(deep));
    }

    @Test
    void takesNoSettingThatLetsDeeperDataIn() {
        assertThat(settings(Extent.MAX_DEPTH).maxDepth()).isEqualTo(Extent.MAX_DEPTH);
        assertThatThrownBy(() -> settings(Extent.MAX_DEPTH + 1))
                .hasMessageContaining("gantry.api.max-depth is 501; 1 to 500 is expected");
    }

    private static ApiSettings settings(int maxDepth) {
        DataSize size = DataSize.ofMegabytes(1);
        Duration time = Duration.ofSeconds(1);
        return new ApiSettings(size, time, size, maxDepth, time, 1, time);
    }
}
