package dev.gantry.orchestrator.runner.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.id.Json;
import java.net.URI;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected answers are worked out as RFC 7616 says. */
class DigestTest {
    private static final HttpCall CALL =
            new HttpCall(
                    "GET",
                    URI.create("http://service.test/a%20b?c=d"),
                    Map.of(),
                    new byte[0],
                    HttpCall.Output.CONTENT,
                    false);
    private static final JsonNode ZOE =
            Json.MAPPER.createObjectNode().put("username", "zoë").put("password", "p\"w");

    private static Map<String, String> answered(String challenge) throws CallFailed {
        String answer = Digest.answer(CALL, ZOE, challenge);
        assertThat(answer).startsWith("Digest ");
        Map<String, String> fields = new TreeMap<>();
        Matcher field =
                Pattern.compile("([a-z]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,]+))")
                        .matcher(Objects.requireNonNull(answer));
        while (field.find()) {
            fields.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
        }
        return fields;
    }

    private static String hash(String algorithm, String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "MD5, MD5",
        "SHA-256, SHA-256",
        "SHA-512-256, SHA-512/256",
        "MD5-sess, MD5",
        "SHA-256-sess, SHA-256"
    })
    void answersAsTheServerExpects(String named, String algorithm) throws Exception {
        Map<String, String> given =
                answered(
                        "Digest realm=\"r\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=%s, opaque=\"o\""
                                .formatted(named));

        String client = given.get("cnonce");
        String secret = hash(algorithm, "zoë:r:p\"w");
        if (named.endsWith("-sess")) {
            secret = hash(algorithm, secret + ":n:" + client);
        }
        String request = hash(algorithm, "GET:/a%20b?c=d");
        assertThat(given)
                .containsEntry(
                        "response",
                        hash(algorithm, secret + ":n:00000001:" + client + ":auth:" + request))
                .containsEntry("opaque", "o")
                .containsEntry("uri", "/a%20b?c=d")
                .containsEntry("nc", "00000001");
    }

    @Test
    void answersAServerThatDoesNotKnowQualitiesOfProtection() throws Exception {
        Map<String, String> given = answered("Digest realm=\"r\", nonce=\"n\"");

        assertThat(given)
                .containsEntry(
                        "response",
                        hash(
                                "MD5",
                                hash("MD5", "zoë:r:p\"w") + ":n:" + hash("MD5", "GET:/a%20b?c=d")))
                .doesNotContainKey("nc");
    }

    @Test
    void takesTheFirstChallengeThatItKnows() throws Exception {
        Map<String, String> given =
                answered(
                        "Basic realm=\"b\", Digest realm=\"r\", nonce=\"1\", algorithm=NEW, qop=\"auth\","
                                + " Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\"");

        assertThat(given).containsEntry("nonce", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic realm=\"b\"",
                "Digest",
                "Digest realm=\"r\"",
                "Digest realm=\"r\", nonce=\"n\", algorithm=NEW",
                "Digest realm=\"r\", nonce=\"n\", qop=\"new\""
            })
    void doesNotAnswerWhatItDoesNotKnow(String challenge) throws CallFailed {
        assertThat(Digest.answer(CALL, ZOE, challenge)).isNull();
    }
}
