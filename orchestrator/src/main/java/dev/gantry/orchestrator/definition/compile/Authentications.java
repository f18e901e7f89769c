package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.compile.Visible.Use;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Authentication of endpoints: inline, or by a name under {@code use.authentications}. */
final class Authentications {
    private static final List<String> SCHEMES =
            List.of("basic", "bearer", "certificate", "digest", "oauth2", "oidc");
    private static final Set<String> PASSWORD = Set.of("username", "password", "use");
    private static final Set<String> OIDC =
            Set.of(
                    "authority",
                    "grant",
                    "client",
                    "request",
                    "issuers",
                    "scopes",
                    "audiences",
                    "username",
                    "password",
                    "subject",
                    "actor",
                    "use");
    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final Map<String, List<String>> GRANTS =
            Map.of(
                    "client_credentials",
                    List.of(),
                    "password",
                    List.of("username", "password"),
                    "refresh_token",
                    List.of("subject"),
                    EXCHANGE,
                    List.of("subject"));
    private static final List<String> CLIENTS =
            List.of(
                    "client_secret_basic",
                    "client_secret_post",
                    "client_secret_jwt",
                    "private_key_jwt",
                    "none");
    private static final List<String> ENCODINGS =
            List.of("application/x-www-form-urlencoded", "application/json");

    private final Check check;
    private final Reusables reusables;

    Authentications(Check check, Reusables reusables) {
        this.check = check;
        this.reusables = reusables;
    }

    /** Of an endpoint or of a call; null if it has none, or after reporting what is wrong. */
    @Nullable Authentication of(JsonNode object, String pointer) {
        String at = pointer + "/authentication";
        if (object.path("authentication").isTextual()) {
            return named(object.get("authentication").textValue(), at);
        }
        JsonNode given = check.object(object.path("authentication"), at, "'authentication'");
        if (given.isMissingNode()) {
            return null;
        }
        if (!given.has("use")) {
            return policy(given, at);
        }
        check.known(given, at, "an authentication by name", Set.of("use"));
        String name = check.text(given, at, "use", "authentication");
        return name == null ? null : named(name, at + "/use");
    }

    private @Nullable Authentication named(String name, String pointer) {
        JsonNode found = reusables.find("authentications", name, pointer, check);
        return found == null ? null : policy(found, Check.join("/use/authentications", name));
    }

    @Nullable Authentication policy(JsonNode policy, String pointer) {
        check.known(policy, pointer, "an authentication", SCHEMES);
        List<String> given = new ArrayList<>();
        policy.fieldNames().forEachRemaining(given::add);
        given.retainAll(SCHEMES);
        if (given.size() != 1) {
            check.report(
                    "invalid-authentication",
                    pointer,
                    given.isEmpty()
                            ? "the authentication names no scheme"
                            : "the authentication has several schemes: " + given,
                    "one of " + SCHEMES,
                    null);
            return null;
        }
        String scheme = given.getFirst();
        String at = pointer + "/" + scheme;
        if (scheme.equals("certificate")) {
            check.notYet(at, "authentication by 'certificate'");
            return null;
        }
        JsonNode values = check.object(policy.get(scheme), at, "'%s'".formatted(scheme));
        if (values.isMissingNode()) {
            return null;
        }
        if (values.has("use")) {
            return ofSecret(scheme, values, at);
        }
        switch (scheme) {
            case "bearer" -> required(values, at, "'bearer'", Set.of("token", "use"), "token");
            case "oauth2", "oidc" -> tokens(scheme, values, at);
            default ->
                    required(
                            values, at, "'%s'".formatted(scheme), PASSWORD, "username", "password");
        }
        Template template = check.visible.as(Use.PROVES, () -> Templates.value(values, at, check));
        return new Authentication(scheme, template);
    }

    /** All its properties are in a secret. */
    private @Nullable Authentication ofSecret(String scheme, JsonNode values, String pointer) {
        check.known(values, pointer, "a scheme by secret", Set.of("use"));
        String name = check.text(values, pointer, "use", "authentication");
        if (name == null) {
            return null;
        }
        if (!check.visible.secrets().contains(name)) {
            check.report(check.visible.undeclared(name), pointer + "/use");
            return null;
        }
        Template secret =
                check.visible.as(
                        Use.PROVES,
                        () ->
                                Templates.expression(
                                        "$secrets[\"%s\"]".formatted(name),
                                        pointer + "/use",
                                        check));
        return new Authentication(scheme, secret);
    }

    private void required(
            JsonNode values, String pointer, String what, Set<String> known, String... names) {
        check.known(values, pointer, what, known);
        for (String name : names) {
            check.required(values, pointer, name, "the authentication");
            check.text(values, pointer, name, "authentication");
        }
    }

    private void tokens(String scheme, JsonNode values, String pointer) {
        List<String> known = new ArrayList<>(OIDC);
        if (scheme.equals("oauth2")) {
            known.add("endpoints");
        }
        check.known(values, pointer, "'%s'".formatted(scheme), known);
        for (String name : List.of("authority", "grant")) {
            check.required(values, pointer, name, "the authentication");
        }
        for (String name : List.of("authority", "username", "password")) {
            check.text(values, pointer, name, "authentication");
        }
        JsonNode endpoints =
                check.object(values.path("endpoints"), pointer + "/endpoints", "'endpoints'");
        check.known(
                endpoints,
                pointer + "/endpoints",
                "'endpoints'",
                Set.of("token", "revocation", "introspection"));
        check.text(endpoints, pointer + "/endpoints", "token", "endpoint");
        grant(values, pointer);
        client(values, pointer);
        JsonNode request = check.object(values.path("request"), pointer + "/request", "'request'");
        check.known(request, pointer + "/request", "'request'", Set.of("encoding"));
        oneOf(request, pointer + "/request", "encoding", ENCODINGS);
        for (String name : List.of("issuers", "scopes", "audiences")) {
            check.list(values.path(name), pointer + "/" + name, "'%s'".formatted(name));
        }
        for (String name : List.of("subject", "actor")) {
            JsonNode token =
                    check.object(values.path(name), pointer + "/" + name, "'%s'".formatted(name));
            if (!token.isMissingNode()) {
                required(
                        token,
                        pointer + "/" + name,
                        "a token",
                        Set.of("token", "type"),
                        "token",
                        "type");
            }
        }
    }

    private void grant(JsonNode values, String pointer) {
        String grant = check.text(values, pointer, "grant", "authentication");
        if (grant == null || Templates.isExpression(grant)) {
            return;
        }
        if (grant.equals("authorization_code")) {
            check.report(
                    "invalid-authentication",
                    pointer + "/grant",
                    "grant 'authorization_code' needs a person at a browser, and there is none",
                    "one of " + GRANTS.keySet().stream().sorted().toList(),
                    "client_credentials");
            return;
        }
        oneOf(values, pointer, "grant", GRANTS.keySet().stream().sorted().toList());
        for (String needed : GRANTS.getOrDefault(grant, List.of())) {
            check.required(values, pointer, needed, "grant '%s'".formatted(grant));
        }
    }

    private void client(JsonNode values, String pointer) {
        String at = pointer + "/client";
        JsonNode client = check.object(values.path("client"), at, "'client'");
        check.known(client, at, "'client'", Set.of("id", "secret", "assertion", "authentication"));
        for (String name : List.of("id", "secret", "assertion")) {
            check.text(client, at, name, "client");
        }
        oneOf(client, at, "authentication", CLIENTS);
        String method = client.path("authentication").asText("client_secret_post");
        if (method.equals("private_key_jwt")) {
            check.required(client, at, "assertion", "client authentication 'private_key_jwt'");
        } else if (!method.equals("none") && !Templates.isExpression(method)) {
            check.required(
                    client.isMissingNode() ? values : client,
                    client.isMissingNode() ? pointer : at,
                    client.isMissingNode() ? "client" : "id",
                    "the authentication");
        }
    }

    private void oneOf(JsonNode object, String pointer, String name, List<String> words) {
        String text = check.text(object, pointer, name, "authentication");
        if (text != null && !Templates.isExpression(text) && !words.contains(text)) {
            check.report(
                    "invalid-value",
                    pointer + "/" + name,
                    "'%s' is '%s'%s"
                            .formatted(
                                    name,
                                    text,
                                    dev.gantry.orchestrator.problem.Nearest.hint(text, words)),
                    "one of " + words,
                    null);
        }
    }
}
