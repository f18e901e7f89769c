package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The request for an access token. Sources: RFC 6749, RFC 7523, RFC 8693. */
final class TokenRequest {
    private static final String JWT_BEARER =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final int ASSERTION_SECONDS = 60;

    private TokenRequest() {}

    static HttpCall get(URI uri) {
        return new HttpCall(
                "GET",
                uri,
                Map.of("Accept", "application/json"),
                null,
                HttpCall.Output.CONTENT,
                false);
    }

    static HttpCall of(JsonNode authentication, URI endpoint) throws CallFailed {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        String grant = Tokens.text(authentication, "grant");
        form.put("grant_type", grant);
        switch (grant) {
            case "client_credentials" -> {}
            case "password" -> {
                form.put("username", Tokens.text(authentication, "username"));
                form.put("password", Tokens.text(authentication, "password"));
            }
            case "refresh_token" ->
                    form.put("refresh_token", Tokens.text(authentication.path("subject"), "token"));
            case "urn:ietf:params:oauth:grant-type:token-exchange" -> {
                party(form, "subject", authentication.path("subject"));
                if (authentication.has("actor")) {
                    party(form, "actor", authentication.path("actor"));
                }
            }
            default -> throw CallFailed.invalid("grant '%s' is not supported".formatted(grant));
        }
        asked(form, authentication);
        return request(form, authentication, endpoint);
    }

    static HttpCall refresh(JsonNode authentication, URI endpoint, String token) throws CallFailed {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", token);
        asked(form, authentication);
        return request(form, authentication, endpoint);
    }

    private static void party(ObjectNode form, String name, JsonNode token) throws CallFailed {
        form.put(name + "_token", Tokens.text(token, "token"));
        form.put(name + "_token_type", Tokens.text(token, "type"));
    }

    private static void asked(ObjectNode form, JsonNode authentication) {
        StringJoiner scopes = new StringJoiner(" ");
        boolean isOpenId = authentication.path("scheme").asText().equals("oidc");
        if (isOpenId) {
            scopes.add("openid");
        }
        for (JsonNode scope : authentication.path("scopes")) {
            if (!isOpenId || !scope.asText().equals("openid")) {
                scopes.add(scope.asText());
            }
        }
        if (scopes.length() > 0) {
            form.put("scope", scopes.toString());
        }
        if (!authentication.path("audiences").isEmpty()) {
            form.set("audience", authentication.path("audiences"));
        }
    }

    private static HttpCall request(ObjectNode form, JsonNode authentication, URI endpoint)
            throws CallFailed {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json");
        headers.put(
                "Content-Type",
                authentication
                        .path("request")
                        .path("encoding")
                        .asText("application/x-www-form-urlencoded"));
        client(form, headers, authentication.path("client"), endpoint);
        return new HttpCall(
                "POST",
                endpoint,
                headers,
                CallBody.encode(form, headers),
                HttpCall.Output.CONTENT,
                false);
    }

    private static void client(
            ObjectNode form, Map<String, String> headers, JsonNode client, URI endpoint)
            throws CallFailed {
        String method = client.path("authentication").asText("client_secret_post");
        switch (method) {
            case "none" -> {
                if (client.has("id")) {
                    form.put("client_id", Tokens.text(client, "id"));
                }
            }
            case "client_secret_basic" -> {
                String pair =
                        encoded(Tokens.text(client, "id"))
                                + ":"
                                + encoded(Tokens.text(client, "secret"));
                headers.put(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
            }
            case "client_secret_post" -> {
                form.put("client_id", Tokens.text(client, "id"));
                if (client.has("secret")) {
                    form.put("client_secret", Tokens.text(client, "secret"));
                }
            }
            case "private_key_jwt" -> {
                form.put("client_assertion_type", JWT_BEARER);
                form.put("client_assertion", Tokens.text(client, "assertion"));
                if (client.has("id")) {
                    form.put("client_id", Tokens.text(client, "id"));
                }
            }
            case "client_secret_jwt" -> {
                form.put("client_assertion_type", JWT_BEARER);
                form.put("client_assertion", signed(client, endpoint));
            }
            default ->
                    throw CallFailed.invalid(
                            "client authentication '%s' is not supported".formatted(method));
        }
    }

    private static String signed(JsonNode client, URI endpoint) throws CallFailed {
        String id = Tokens.text(client, "id");
        long now = Instant.now().getEpochSecond();
        ObjectNode claims = JsonNodeFactory.instance.objectNode();
        claims.put("iss", id);
        claims.put("sub", id);
        claims.put("aud", endpoint.toString());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now);
        claims.put("exp", now + ASSERTION_SECONDS);
        String text =
                base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims.toString());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            Tokens.text(client, "secret").getBytes(StandardCharsets.UTF_8),
                            "HmacSHA256"));
            byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static URI uri(String text, String what) throws CallFailed {
        try {
            URI uri = new URI(text);
            if (uri.isAbsolute() && !uri.isOpaque()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below, without the text: it may hold a secret.
        }
        throw CallFailed.invalid("%s is no absolute URI".formatted(what));
    }
}
