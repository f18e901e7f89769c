package dev.gantry.orchestrator.api;

import dev.gantry.orchestrator.id.Extent;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The limits of the API.
 *
 * @param maxBody of a request
 * @param maxBodyTime from the first byte of a request to the last of its body
 * @param maxDocument of a published or validated definition
 * @param maxDepth how deep JSON may be nested
 * @param maxWait the longest that {@code Prefer: wait} and one look at changes wait
 * @param maxStreams followed logs and event streams at the same time
 * @param heartbeat how often a silent stream shows that it lives
 */
@ConfigurationProperties(value = "gantry.api", ignoreUnknownFields = false)
record ApiSettings(
        @DefaultValue("4MB") DataSize maxBody,
        @DefaultValue("30s") Duration maxBodyTime,
        @DefaultValue("1MB") DataSize maxDocument,
        @DefaultValue("200") int maxDepth,
        @DefaultValue("60s") Duration maxWait,
        @DefaultValue("1000") int maxStreams,
        @DefaultValue("15s") Duration heartbeat) {
    ApiSettings {
        if (maxDepth < 1 || maxDepth > Extent.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "gantry.api.max-depth is %d; 1 to %d is expected, as data can't be nested deeper"
                            .formatted(maxDepth, Extent.MAX_DEPTH));
        }
    }
}
