package dev.gantry.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A blob's name leads out of nobody's folder. */
class BlobNameTest {
    @Test
    void isReadAsItIsWritten() {
        BlobName name = new BlobName("lambda", "acme", "0198-1", "g01-3/1");

        assertThat(name).hasToString("lambda/acme/0198-1/g01-3/1");
        assertThat(BlobName.parse(name.toString())).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lambda/acme/0198",
                "lambda/acme/0198/",
                "lambda/acme/../x",
                "lambda/acme/0198/../../other/x",
                "lambda//0198/x",
                "lambda/acme/0198/a b",
                "/lambda/acme/0198/x",
                "lambda/acme/0198/.x"
            })
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> BlobName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void keepsEachPartToItself() {
        assertThatThrownBy(() -> new BlobName("lambda", "acme/0198", "x", "y"))
                .hasMessageContaining("one part each");
    }

    @Test
    void hasALimit() {
        String longest = "x".repeat(BlobName.MAX_LENGTH - "a/b/c/".length());

        assertThat(new BlobName("a", "b", "c", longest).toString()).hasSize(BlobName.MAX_LENGTH);
        assertThatThrownBy(() -> new BlobName("a", "b", "c", longest + "x"))
                .hasMessageContaining("at most 500");
    }
}
