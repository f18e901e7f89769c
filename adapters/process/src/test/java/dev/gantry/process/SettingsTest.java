package dev.gantry.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static Settings with(String value) {
        return new Settings("kit", Map.of("a", value), Set.of("a", "b"));
    }

    private static void assertRefused(String value, Consumer<Settings> reading, String message) {
        assertThatThrownBy(() -> reading.accept(with(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void readsWhatIsThere() {
        assertThat(with("x").text("a")).isEqualTo("x");
        assertThat(with("x").prefix()).isEqualTo("gantry.adapters.kit");
        assertThat(with("true").flag("a", false)).isTrue();
        assertThat(with(" x, y,").list("a", "")).containsExactly("x", "y");
        assertThat(with(" 7 ").number("a", 1, 1, 7)).isEqualTo(7);
    }

    @Test
    void takesTheDefaultForWhatIsNot() {
        assertThat(with("x").text("b")).isNull();
        assertThat(with("x").text("b", "y")).isEqualTo("y");
        assertThat(with("x").flag("b", true)).isTrue();
        assertThat(with("x").list("b", "y")).containsExactly("y");
        assertThat(with("x").number("b", 3, 1, 7)).isEqualTo(3);
    }

    @Test
    void saysWhatIsWrong() {
        assertRefused(
                "yes",
                it -> it.flag("a", false),
                "setting 'a' is 'yes'; expected is true or false");
        for (String value : new String[] {"8", "0", "x"}) {
            assertRefused(
                    value,
                    it -> it.number("a", 1, 1, 7),
                    "setting 'a' is '%s'; expected is a number from 1 to 7".formatted(value));
        }
        assertThatThrownBy(() -> new Settings("kit", Map.of("c", "x"), Set.of("b", "a")))
                .hasMessage("setting 'c' is unknown; expected is one of [a, b]");
    }
}
