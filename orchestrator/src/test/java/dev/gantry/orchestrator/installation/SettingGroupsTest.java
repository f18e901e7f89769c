package dev.gantry.orchestrator.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

class SettingGroupsTest {
    private final ApplicationContextRunner server =
            new ApplicationContextRunner().withUserConfiguration(Groups.class);

    /** No configuration by its annotation, which the scan of other tests would find. */
    @EnableConfigurationProperties(Development.class)
    static class Groups {
        @Bean
        SettingGroups settingGroups(ConfigurableApplicationContext context) {
            return new SettingGroups(context);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gantry.devv.enabled", "gantry.dev-enabled", "gantry.data-dirs", "gantry.x"})
    void refusesWhatNobodyReads(String name) {
        server.withPropertyValues(name + "=true")
                .run(context ->
                        assertThat(context)
                                .getFailure()
                                .isInstanceOf(StartRefused.class)
                                .hasMessageContaining(name));
    }

    @Test
    void takesKnownGroupsAndWhatIsNotItsOwn() {
        server.withSystemProperties("gantry.of-a-test=1")
                .withPropertyValues(
                        "gantry.dev.enabled=true",
                        "gantry.data-dir=x",
                        "gantrys.x=1",
                        "spring.x=1",
                        "GANTRY_SOMETHING=1")
                .run(context -> assertThat(context).hasNotFailed());
    }
}
