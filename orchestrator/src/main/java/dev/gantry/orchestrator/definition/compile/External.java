package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Authentication;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What documents refer to outside of the registry: got at publish, and kept with the document. */
final class External {
    private static final int MOST = 20;
    private static final Pattern GITHUB =
            Pattern.compile(
                    "https://github\\.com/([^/]+)/([^/]+?)(?:\\.git)?(?:/(?:tree|blob)/([^/]+)(/.*)?)?/?");
    private static final Pattern GITLAB =
            Pattern.compile("(https://gitlab\\.com/.+?)(?:/-/(?:tree|blob)/([^/]+)(/.*)?)?/?");

    private final Check check;
    private final Registry registry;
    private final Authentications authentications;
    private final Set<URI> got = new HashSet<>();

    External(Check check, Registry registry, Authentications authentications) {
        this.check = check;
        this.registry = registry;
        this.authentications = authentications;
    }

    /** The content of an external resource; null after reporting why there is none. */
    byte @Nullable [] resource(JsonNode value, String pointer) {
        JsonNode resource = check.object(value, pointer, "the resource");
        if (resource.isMissingNode()) {
            return null;
        }
        check.known(resource, pointer, "an external resource", Set.of("name", "endpoint"));
        check.text(resource, pointer, "name", "resource");
        JsonNode endpoint = check.required(resource, pointer, "endpoint", "the resource");
        return endpoint.isMissingNode() ? null : endpoint(endpoint, pointer + "/endpoint", "");
    }

    /**
     * @param path what follows the endpoint's own address
     */
    byte @Nullable [] endpoint(JsonNode endpoint, String pointer, String path) {
        if (endpoint.isTextual()) {
            return get(endpoint.textValue(), pointer, null, path);
        }
        JsonNode object = check.object(endpoint, pointer, "'endpoint'");
        check.known(object, pointer, "an endpoint", Set.of("uri", "authentication"));
        check.required(object, pointer, "uri", "the endpoint");
        String uri = check.text(object, pointer, "uri", "endpoint");
        int before = check.size();
        Authentication authentication = authentications.of(object, pointer);
        return uri == null || check.size() > before
                ? null
                : get(uri, pointer + "/uri", authentication, path);
    }

    byte @Nullable [] get(
            String address, String pointer, @Nullable Authentication authentication, String path) {
        if (Templates.isExpression(address) || address.contains("{")) {
            check.report(
                    "invalid-uri",
                    pointer,
                    "'%s' is not known before there is an execution, and this is got at publish"
                            .formatted(address),
                    "an address without expressions",
                    null);
            return null;
        }
        try {
            URI uri = new URI(raw(address, path));
            if (!List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    || uri.getHost() == null) {
                throw new URISyntaxException(address, "it is no HTTP address");
            }
            if (got.add(uri) && got.size() > MOST) {
                check.report(
                        "too-many-resources",
                        pointer,
                        "the document refers to more than %d external resources".formatted(MOST),
                        "at most " + MOST,
                        "register functions instead");
                return null;
            }
            byte[] content = registry.resource(uri, authentication, check.visible.secrets());
            if (new String(content, StandardCharsets.UTF_8).indexOf('\0') >= 0) {
                throw new IOException("it is no text");
            }
            return content;
        } catch (URISyntaxException e) {
            check.report(
                    "invalid-uri",
                    pointer,
                    "'%s' can not be used: %s".formatted(address, e.getReason()),
                    "http:// or https://",
                    null);
        } catch (IOException e) {
            check.report(
                    "resource-unavailable",
                    pointer,
                    "'%s' can not be had: %s".formatted(address + path, e.getMessage()),
                    "a document that can be got now, at publish",
                    null);
        }
        return null;
    }

    /**
     * Where a repository's pages are meant, the files themselves. Source: the language, catalogs.
     */
    private static String raw(String address, String path) {
        Matcher github = GITHUB.matcher(address);
        if (github.matches()) {
            return "https://raw.githubusercontent.com/%s/%s/refs/heads/%s%s%s"
                    .formatted(
                            github.group(1),
                            github.group(2),
                            github.group(3) == null ? "main" : github.group(3),
                            github.group(4) == null ? "" : github.group(4),
                            path);
        }
        Matcher gitlab = GITLAB.matcher(address);
        if (gitlab.matches() && !address.contains("/-/raw/")) {
            return "%s/-/raw/%s%s%s"
                    .formatted(
                            gitlab.group(1),
                            gitlab.group(2) == null ? "main" : gitlab.group(2),
                            gitlab.group(3) == null ? "" : gitlab.group(3),
                            path);
        }
        boolean twice = address.endsWith("/") && path.startsWith("/");
        return (twice ? address.substring(0, address.length() - 1) : address) + path;
    }
}
