package dev.gantry.orchestrator.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.installation.StartRefused;
import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void readsUrlsOfBothKinds() {
        assertThat(Endpoint.parse("jdbc:postgresql://h:1/db?ssl=true", "u", "p"))
                .isEqualTo(new Endpoint("jdbc:postgresql://h:1/db?ssl=true", "u", "p"));
        assertThat(Endpoint.parse("postgresql://ann:p%40ss@h:5433/db?sslmode=require", null, null))
                .isEqualTo(
                        new Endpoint("jdbc:postgresql://h:5433/db?sslmode=require", "ann", "p@ss"));
        assertThat(Endpoint.parse("postgres://h", "u", null))
                .isEqualTo(new Endpoint("jdbc:postgresql://h/", "u", null));
    }

    @Test
    void neverShowsAPassword() {
        assertThat(
                        Endpoint.parse("postgres://u:secret@h/db?password=secret", null, null)
                                .toString())
                .isEqualTo("jdbc:postgresql://h/db");
        assertThatThrownBy(() -> Endpoint.parse("postgres://u:secret@h:x y/db", null, null))
                .isInstanceOf(StartRefused.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Endpoint.parse("mysql://u:secret@h/db", null, null))
                .isInstanceOf(StartRefused.class)
                .hasMessageNotContaining("secret");
    }
}
