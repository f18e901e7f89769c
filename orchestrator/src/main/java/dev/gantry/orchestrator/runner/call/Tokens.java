package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gantry.orchestrator.id.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of OAuth 2 and OpenID Connect, kept until shortly before they expire. Whoever asks
 * for one while it is being fetched waits for that. Sources: RFC 6749, OpenID Connect Discovery.
 */
final class Tokens {
    private static final int MOST = 1_000;
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    /** Without {@code expires_in} nobody knows: asked again soon. */
    private static final Duration UNKNOWN_LIFETIME = Duration.ofMinutes(1);

    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(30);

    private final Cache<String, Kept> entries = Caffeine.newBuilder().maximumSize(MOST).build();

    /** Sends one request, within the egress policy. */
    @FunctionalInterface
    interface Asker {
        Answer ask(HttpCall call) throws CallFailed, InterruptedException;
    }

    private static final class Kept {
        final ReentrantLock lock = new ReentrantLock();
        @Nullable Token token;
    }

    private record Token(String access, @Nullable String refresh, long until) {
        boolean isFresh() {
            return System.nanoTime() - until < 0;
        }
    }

    /**
     * The access token for an authentication.
     *
     * @param used the token that was refused just now and must not be given again; null for none
     * @throws CallFailed if none is to be had; the call itself was not made then
     */
    String get(String tenant, JsonNode authentication, @Nullable String used, Asker asker)
            throws CallFailed, InterruptedException {
        Kept entry = entries.get(key(tenant, authentication), _ -> new Kept());
        entry.lock.lockInterruptibly();
        try {
            Token token = entry.token;
            if (token == null || !token.isFresh() || token.access().equals(used)) {
                token = fetch(authentication, token, asker);
                entry.token = token;
            }
            return token.access();
        } catch (CallFailed e) {
            entry.token = null;
            throw e.beforeTheCall();
        } finally {
            entry.lock.unlock();
        }
    }

    /** Not the values themselves: they are secrets. */
    private static String key(String tenant, JsonNode authentication) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((tenant + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(authentication.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Token fetch(JsonNode authentication, @Nullable Token last, Asker asker)
            throws CallFailed, InterruptedException {
        URI endpoint = endpoint(authentication, asker);
        if (last != null && last.refresh() != null) {
            try {
                return ask(
                        TokenRequest.refresh(authentication, endpoint, last.refresh()),
                        last,
                        authentication,
                        asker);
            } catch (CallFailed refused) {
                // A refresh token may have ended; the grant itself decides.
            }
        }
        return ask(TokenRequest.of(authentication, endpoint), null, authentication, asker);
    }

    private static URI endpoint(JsonNode authentication, Asker asker)
            throws CallFailed, InterruptedException {
        String authority = text(authentication, "authority");
        if (authentication.path("scheme").asText().equals("oauth2")) {
            String path = authentication.path("endpoints").path("token").asText("/oauth2/token");
            return TokenRequest.uri(
                    path.contains("://") ? path : join(authority, path), "the token endpoint");
        }
        URI discovery =
                TokenRequest.uri(
                        authority.endsWith(DISCOVERY) ? authority : join(authority, DISCOVERY),
                        "'authority'");
        Answer answer = asker.ask(TokenRequest.get(discovery));
        if (answer.status() != 200) {
            throw CallFailed.unauthenticated(
                    "%s answered %d to the question for its OpenID configuration"
                            .formatted(discovery.getHost(), answer.status()));
        }
        return TokenRequest.uri(
                read(answer, discovery).path("token_endpoint").asText(), "'token_endpoint'");
    }

    private static String join(String authority, String path) {
        String base =
                authority.endsWith("/")
                        ? authority.substring(0, authority.length() - 1)
                        : authority;
        return base + (path.startsWith("/") ? path : "/" + path);
    }

    private static Token ask(
            HttpCall request, @Nullable Token last, JsonNode authentication, Asker asker)
            throws CallFailed, InterruptedException {
        Answer answer = asker.ask(request);
        String host = request.uri().getHost();
        if (answer.status() >= 500 || answer.status() == 429) {
            throw CallFailed.status(request.method(), host, answer.status());
        }
        JsonNode body = read(answer, request.uri());
        String access = body.path("access_token").asText("");
        if (answer.status() != 200 || access.isEmpty()) {
            // The description is the server's own text and may repeat what it was sent.
            String error = body.path("error").asText("");
            throw CallFailed.unauthenticated(
                    "%s gave no token: status %d%s"
                            .formatted(
                                    host,
                                    answer.status(),
                                    error.matches("[a-z_]{1,50}") ? ", " + error : ""));
        }
        checkIssuer(access, authentication.path("issuers"));
        Duration lifetime =
                body.path("expires_in").canConvertToLong()
                        ? Duration.ofSeconds(
                                Math.clamp(body.path("expires_in").asLong(), 0, 31_536_000))
                        : UNKNOWN_LIFETIME;
        Duration margin = lifetime.dividedBy(5);
        if (margin.compareTo(LONGEST_MARGIN) > 0) {
            margin = LONGEST_MARGIN;
        }
        String refresh = body.path("refresh_token").asText("");
        return new Token(
                access,
                refresh.isEmpty() ? (last == null ? null : last.refresh()) : refresh,
                System.nanoTime() + lifetime.minus(margin).toNanos());
    }

    private static void checkIssuer(String token, JsonNode issuers) throws CallFailed {
        if (issuers.isEmpty()) {
            return;
        }
        String[] parts = token.split("\\.", -1);
        String issuer = "";
        if (parts.length == 3) {
            try {
                issuer = Json.read(Base64.getUrlDecoder().decode(parts[1])).path("iss").asText("");
            } catch (IOException | IllegalArgumentException e) {
                issuer = "";
            }
        }
        for (JsonNode valid : issuers) {
            if (!issuer.isEmpty() && valid.asText().equals(issuer)) {
                return;
            }
        }
        throw CallFailed.unauthenticated("the token's issuer is none of the valid 'issuers'");
    }

    private static JsonNode read(Answer answer, URI from) throws CallFailed {
        try {
            return Json.read(answer.body());
        } catch (IOException e) {
            throw CallFailed.unauthenticated(
                    "%s answered %d with what is no JSON"
                            .formatted(from.getHost(), answer.status()));
        }
    }

    static String text(JsonNode object, String name) throws CallFailed {
        JsonNode value = object.path(name);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw CallFailed.invalid("the authentication's '%s' is no text".formatted(name));
        }
        return value.textValue();
    }
}
