package dev.gantry.orchestrator.runner.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The answer to a Digest challenge. Source: RFC 7616, with {@code qop} {@code auth} or none. */
final class Digest {
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,]+))");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CLIENT_NONCE_BYTES = 16;

    private Digest() {}

    /**
     * The header {@code Authorization}.
     *
     * @param challenge the header {@code WWW-Authenticate}
     * @return null if the challenge is no Digest challenge that can be answered
     */
    static @Nullable String answer(HttpCall call, JsonNode authentication, String challenge)
            throws CallFailed {
        int begin = challenge.toLowerCase(Locale.ROOT).indexOf("digest ");
        if (begin < 0) {
            return null;
        }
        Map<String, String> given = parameters(challenge.substring(begin + "digest ".length()));
        String algorithm = given.getOrDefault("algorithm", "MD5");
        MessageDigest hash = hash(algorithm);
        String realm = given.getOrDefault("realm", "");
        String nonce = given.get("nonce");
        String offered = given.get("qop");
        boolean withQop = offered != null && offered.matches("(?i)(.*,)?\\s*auth\\s*(,.*)?");
        if (hash == null || nonce == null || (offered != null && !withQop)) {
            return null;
        }
        String user = Tokens.text(authentication, "username");
        String first = user + ":" + realm + ":" + Tokens.text(authentication, "password");
        byte[] random = new byte[CLIENT_NONCE_BYTES];
        RANDOM.nextBytes(random);
        String clientNonce = HexFormat.of().formatHex(random);
        String secret = hex(hash, first);
        if (algorithm.toLowerCase(Locale.ROOT).endsWith("-sess")) {
            secret = hex(hash, secret + ":" + nonce + ":" + clientNonce);
        }
        String uri = target(call.uri());
        String request = hex(hash, call.method() + ":" + uri);
        String response =
                hex(
                        hash,
                        withQop
                                ? String.join(
                                        ":",
                                        secret,
                                        nonce,
                                        "00000001",
                                        clientNonce,
                                        "auth",
                                        request)
                                : String.join(":", secret, nonce, request));
        Map<String, String> header = new LinkedHashMap<>();
        header.put("username", quoted(user));
        header.put("realm", quoted(realm));
        header.put("nonce", quoted(nonce));
        header.put("uri", quoted(uri));
        header.put("algorithm", algorithm);
        header.put("response", quoted(response));
        if (withQop) {
            header.putAll(Map.of("qop", "auth", "nc", "00000001"));
        }
        header.put("cnonce", quoted(clientNonce));
        String opaque = given.get("opaque");
        if (opaque != null) {
            header.put("opaque", quoted(opaque));
        }
        return "Digest "
                + header.entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            String quoted = matcher.group(2);
            parameters.putIfAbsent(
                    matcher.group(1),
                    quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
        }
        return parameters;
    }

    private static @Nullable MessageDigest hash(String algorithm) {
        String name =
                switch (algorithm.toUpperCase(Locale.ROOT)) {
                    case "MD5", "MD5-SESS" -> "MD5";
                    case "SHA-256", "SHA-256-SESS" -> "SHA-256";
                    case "SHA-512-256", "SHA-512-256-SESS" -> "SHA-512/256";
                    default -> "";
                };
        try {
            return name.isEmpty() ? null : MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            return null;
        }
    }

    private static String target(URI uri) {
        String path = uri.getRawPath();
        String shown = path == null || path.isEmpty() ? "/" : path;
        return uri.getRawQuery() == null ? shown : shown + "?" + uri.getRawQuery();
    }

    private static String hex(MessageDigest hash, String text) {
        return HexFormat.of().formatHex(hash.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
