package dev.gantry.orchestrator.mask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Actor;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    private static final String SPECIAL = "pä/s+w\"ö<r>d & 'x' \\1 $y~z?";

    /** As other programs write them, not as the mask does. */
    private static Map<String, String> forms(String value) throws JsonProcessingException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String json = Json.MAPPER.writeValueAsString(value);
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("itself", value);
        forms.put("hex", HexFormat.of().formatHex(bytes));
        forms.put("HEX", HexFormat.of().withUpperCase().formatHex(bytes));
        forms.put("form", URLEncoder.encode(value, StandardCharsets.UTF_8));
        forms.put("json", json.substring(1, json.length() - 1));
        String ascii =
                JsonMapper.builder()
                        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                        .build()
                        .writeValueAsString(value);
        forms.put("ascii", ascii.substring(1, ascii.length() - 1));
        String twice = Json.MAPPER.writeValueAsString(json);
        forms.put("json in json", twice.substring(3, twice.length() - 3));
        forms.put("html", org.springframework.web.util.HtmlUtils.htmlEscape(value, "UTF-8"));
        forms.put("quoted", value.replace("'", "'\\''"));
        return forms;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3cr", "token-0123456789", SPECIAL, "a b", "line 1 of it\nline 2 of it"})
    void hidesEveryForm(String secret) throws JsonProcessingException {
        Mask mask = Mask.of(Set.of(secret + ".0"));

        for (Map.Entry<String, String> form : forms(secret + ".0").entrySet()) {
            assertThat(mask.text("<<" + form.getValue() + ">>"))
                    .as(form.getKey())
                    .isEqualTo("<<***>>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr", "s3cre", "s3cret", "a-longer-one-with-????>>>>~~~~"})
    void hidesBase64WhereverItBegins(String secret) {
        Mask mask = Mask.of(Set.of(secret));
        for (String before : List.of("", "u", "ab", "abc", "user:")) {
            for (String after : List.of("", "\n", "12", "123")) {
                byte[] bytes = (before + secret + after).getBytes(StandardCharsets.UTF_8);
                for (Base64.Encoder encoder :
                        List.of(
                                Base64.getEncoder(),
                                Base64.getUrlEncoder(),
                                Base64.getEncoder().withoutPadding())) {
                    String shown = mask.text("Basic " + encoder.encodeToString(bytes));
                    // What is left is of what stands before and after alone.
                    String left = shown.substring("Basic ".length());
                    assertThat(left).as(before + secret + after).contains("***");
                    assertThat(left.length() - 3)
                            .isLessThanOrEqualTo(
                                    (before.length() + after.length() + 2) * 4 / 3 + 1);
                    assertThat(left.indexOf("***")).isEqualTo(before.length() * 8 / 6);
                }
            }
        }
    }

    @Test
    void hidesWhatIsWrappedIntoLines() {
        String secret = "0123456789".repeat(20);
        byte[] bytes = ("key=" + secret + "\n").getBytes(StandardCharsets.UTF_8);
        Mask mask = Mask.of(Set.of(secret));

        assertThat(mask.text(Base64.getMimeEncoder().encodeToString(bytes)))
                .isEqualTo("a2V5P***Cg==");
        assertThat(
                        mask.text(
                                Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(secret.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("***=");
    }

    @Test
    void hidesTheLinesOfAKey() {
        String key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----";
        Mask mask = Mask.of(Set.of(key + "\n"));

        assertThat(mask.text("it is: " + key.replace('\n', ' ')))
                .isEqualTo("it is: *** *** *** ***");
        assertThat(mask.text("got " + key + " there")).isEqualTo("got *** there");
    }

    @Test
    void hidesALongValueWholly() {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            value.append(i).append('é');
        }
        Mask mask = Mask.of(Set.of(value.toString()));
        byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(mask.text("<" + value + ">")).isEqualTo("<***>");
        assertThat(mask.text(Base64.getEncoder().encodeToString(bytes)).replace("=", ""))
                .isEqualTo("***");
        assertThat(mask.lookBack()).isLessThan(20_000);
    }

    @Test
    void leavesShortValuesAlone() {
        assertThat(Mask.isMasked("abc")).isFalse();
        assertThat(Mask.isMasked("abc\n")).isFalse();
        assertThat(Mask.isMasked("abcd")).isTrue();
        assertThat(Mask.of(Set.of("abc")).isEmpty()).isTrue();
        assertThat(Mask.of(Set.of("abc")).text("abcabc")).isEqualTo("abcabc");
    }

    @Test
    void hidesOverlappingSecretsTogether() {
        Mask mask = Mask.of(Set.of("abcdef", "defghi", "efgh"));

        assertThat(mask.text("-abcdefghi-abcdef-efgh")).isEqualTo("-***-***-***");
    }

    @Test
    void hidesSecretsInJson() throws IOException {
        Mask mask = Mask.of(Set.of("s3cr3t", "471147"));
        String json =
                """
                {"a": ["s3cr3t", {"s3cr3t": 1, "x-s3cr3t": null}], "n": 471147, "m": 12.50, \
                "s": "\\u0073\\u0033cr3t"}\
                """;

        Outcome masked =
                mask.outcome(
                        new Outcome.Succeeded(
                                json.getBytes(StandardCharsets.UTF_8), Outcome.Usage.UNKNOWN));

        assertThat(Json.read(((Outcome.Succeeded) masked).output()).toString())
                .isEqualTo(
                        "{\"a\":[\"***\",{\"***\":1,\"x-***\":null}],\"n\":\"***\",\"m\":12.50,\"s\":\"***\"}");
    }

    @Test
    void hidesSecretsInWhatShouldBeJson() {
        Outcome masked =
                Mask.of(Set.of("s3cr3t"))
                        .outcome(
                                new Outcome.Succeeded(
                                        "s3cr3t {".getBytes(StandardCharsets.UTF_8),
                                        Outcome.Usage.UNKNOWN));

        assertThat(new String(((Outcome.Succeeded) masked).output(), StandardCharsets.UTF_8))
                .isEqualTo("*** {");
    }

    @Test
    void hidesWhatIsCutOffWithinASecret() {
        Mask mask = Mask.of(Set.of("0123456789abcdef"));
        String tail = "9abcdef then " + "x".repeat(17_000) + " 0123456789abcdef";
        Failure failure =
                new Failure(
                        "EXIT_NONZERO",
                        "x".repeat(3_990) + " 0123456789abcdef",
                        Actor.AUTHOR,
                        false,
                        Progress.ENDED);

        Outcome.Failed masked =
                (Outcome.Failed)
                        mask.outcome(
                                new Outcome.Failed(
                                        failure,
                                        new Outcome.ProcessResult(1, tail, "0123456789abcdef!"),
                                        Outcome.Usage.UNKNOWN));

        assertThat(masked.failure().message()).endsWith("x ***…").doesNotContain("0123");
        Outcome.ProcessResult process = Objects.requireNonNull(masked.process());
        assertThat(process.stdout()).startsWith("***xxx").endsWith("x ***");
        assertThat(process.stderr()).isEqualTo("***!");
    }

    @Test
    void hidesSecretsInCausesForTheLog() {
        Throwable cause =
                Mask.of(Set.of("s3cr3t"))
                        .cause(new IOException("no s3cr3t", new IllegalStateException("s3cr3t")));

        assertThat(Objects.requireNonNull(cause)).hasMessage("java.io.IOException: no ***");
        assertThat(cause.getCause()).hasMessage("java.lang.IllegalStateException: ***");
        assertThat(cause.getStackTrace()).isNotEmpty();
    }

    @Test
    void sharesMasksOfTheSameSecrets() {
        assertThat(Mask.of(Set.of("one-secret", "two")))
                .isSameAs(Mask.of(Set.of("two", "one-secret")));
    }
}
