package dev.gantry.orchestrator.runner;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code gantry.adapters} that are about all adapters; those of one are below its
 * kind, see {@link KindSettings}.
 *
 * @param directory of jars with further adapters; null for none
 * @param healthInterval between two looks at every adapter's health
 * @param healthTimeout after which an adapter that does not tell its health counts as disconnected
 * @param tenantTags how many tenants get a metric tag of their own
 */
@ConfigurationProperties("gantry.adapters")
record AdapterSettings(
        @Nullable Path directory,
        @DefaultValue("5s") Duration healthInterval,
        @DefaultValue("5s") Duration healthTimeout,
        @DefaultValue("100") int tenantTags) {}
