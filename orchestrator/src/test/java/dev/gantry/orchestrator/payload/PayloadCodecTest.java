package dev.gantry.orchestrator.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.orchestrator.id.TenantId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCodecTest {
    private static final TenantId ACME = new TenantId("acme");

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "\"x\"", "1", "null", "a line\n", "日本", "\u0000"})
    void storesTextAsItIs(String text) {
        byte[] plain = text.getBytes(UTF_8);

        assertThat(new PlainPayloads().encode(ACME, plain)).isSameAs(plain);
        assertThat(new PlainPayloads().decode(ACME, plain)).isSameAs(plain);
    }

    @Test
    void bringsBackWhateverItBeginsWith() {
        for (int first = 0; first < 256; first++) {
            byte[] plain = {(byte) first, 1, (byte) 0xF8};

            byte[] stored = new PlainPayloads().encode(ACME, plain);

            assertThat(new PlainPayloads().decode(ACME, stored)).isEqualTo(plain);
            assertThat(PayloadCodec.hasForm(stored)).isEqualTo(first >= PayloadCodec.FORMS);
        }
    }

    @Test
    void refusesAFormThatItDoesNotKnow() {
        assertThatThrownBy(() -> new PlainPayloads().decode(ACME, new byte[] {(byte) 0xF9, 1}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "a payload of tenant acme has the form f9, which this version does not know");
    }

    @Test
    void storesTextsOfAnyFormInColumnsOfText() {
        PayloadCodec other = new Turned();

        assertThat(new PlainPayloads().encode(ACME, "no")).isEqualTo("no");
        for (String text : new String[] {"no", "", "\u0001x", "é"}) {
            assertThat(new PlainPayloads().decode(ACME, new PlainPayloads().encode(ACME, text)))
                    .isEqualTo(text);
            assertThat(other.encode(ACME, text)).startsWith("\u0001").isNotEqualTo(text);
            assertThat(other.decode(ACME, other.encode(ACME, text))).isEqualTo(text);
            assertThat(other.decode(ACME, new PlainPayloads().encode(ACME, text)))
                    .as("stored before")
                    .isEqualTo(text);
        }
    }
}
