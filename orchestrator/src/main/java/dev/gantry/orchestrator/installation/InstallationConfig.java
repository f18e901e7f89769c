package dev.gantry.orchestrator.installation;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Development.class)
class InstallationConfig {
    @Bean
    DataFolder dataFolder(@Value("${gantry.data-dir:.gantry}") Path path) {
        return new DataFolder(path);
    }

    @Bean
    SettingGroups settingGroups(ConfigurableApplicationContext context) {
        return new SettingGroups(context);
    }

    @Bean
    Installation installation(Jdbi jdbi) {
        return JdbiInstallation.read(jdbi);
    }

    @Bean
    Clock clock(Development development) {
        Duration offset = development.clockOffset();
        if (!offset.isZero() && !development.enabled()) {
            throw new StartRefused(
                    "gantry.dev.clock-offset is for development",
                    "Remove it, or set development mode.");
        }
        // As precise as PostgreSQL keeps times: an answer now equals what is read later.
        return Clock.tick(Clock.offset(Clock.systemUTC(), offset), Duration.ofNanos(1_000));
    }
}
