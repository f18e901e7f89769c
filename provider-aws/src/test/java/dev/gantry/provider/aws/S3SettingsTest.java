package dev.gantry.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that cannot be meant are refused, with what would be right. */
class S3SettingsTest {
    private static final Map<String, String> LEAST =
            Map.of("bucket", "payloads", "region", "eu-central-1");

    @Test
    void needsBucketAndRegionOnly() {
        S3Settings settings = S3Settings.of(LEAST);

        assertThat(settings.prefix()).isEmpty();
        assertThat(settings.pathStyle()).isFalse();
        assertThat(settings.sse()).isNull();
        assertThatThrownBy(() -> S3Settings.of(Map.of("bucket", "payloads")))
                .hasMessageContaining("'region' is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bucket | UPPER | 'bucket' is 'UPPER'",
                "region | here | such as eu-central-1",
                "endpoint | s3.example | such as https://host:port",
                "path-style | yes | true or false",
                "prefix | /gantry | end with '/'",
                "prefix | gantry | end with '/'",
                "sse | rot13 | AES256 or aws:kms",
                "kms-key | my-key | without sse 'aws:kms'",
                "buckett | x | 'buckett' is unknown"
            })
    void refusesWhatCannotBeMeant(String name, String value, String told) {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put(name, value);

        assertThatThrownBy(() -> S3Settings.of(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }

    @Test
    void limitsThePrefix() {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put("prefix", "x".repeat(S3Settings.MAX_PREFIX) + "/");

        assertThatThrownBy(() -> S3Settings.of(settings)).hasMessageContaining("at most 200");
    }
}
