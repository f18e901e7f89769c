package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.DataFlow;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import dev.gantry.orchestrator.id.DefinitionKind;
import dev.gantry.orchestrator.id.DefinitionRef;
import dev.gantry.orchestrator.problem.Nearest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code call}: HTTP, and functions of the registry. */
final class CallTasks {
    private static final Set<String> NOT_YET = Set.of("asyncapi", "a2a", "mcp");
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Pattern FUNCTION =
            Pattern.compile("(?:([^/:@]+)/)?([^/:@]+)(?::([^@/]+))?(?:@(.+))?");

    private final TaskCompiler tasks;
    private final Check check;
    private final Values values;
    private final ForeignFunctions foreign;

    CallTasks(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
        this.values = tasks.values;
        this.foreign = new ForeignFunctions(tasks);
    }

    @Nullable Task call(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String called = check.text(task, pointer, "call", "task");
        if (called == null) {
            return null;
        }
        if (NOT_YET.contains(called)) {
            check.notYet(pointer + "/call", "call '%s'".formatted(called));
            return null;
        }
        if (called.equals("http")) {
            Placements.refuse(task, pointer, "a 'call: http'", check, "runtime");
            return check.visible.as(Visible.Use.SENT, () -> http(common, task, pointer));
        }
        if (called.equals("openapi")) {
            Placements.refuse(task, pointer, "a 'call: openapi'", check, "runtime");
            return check.visible.as(Visible.Use.SENT, () -> openApi(common, task, pointer));
        }
        if (called.equals("grpc")) {
            Placements.refuse(task, pointer, "a 'call: grpc'", check, "runtime");
            return check.visible.as(
                    Visible.Use.SENT, () -> new GrpcTasks(tasks).call(common, task, pointer, this));
        }
        check.objectOrExpression(task, pointer, "with");
        if (foreign.isForeign(called)) {
            Placements.refuse(task, pointer, "a call of a function elsewhere", check, "runtime");
            String at = pointer + "/call/0/function";
            Task body = foreign.find(called, pointer + "/call", at);
            return body == null ? null : inlined(common, task, pointer, at, body);
        }
        return tasks.reusables.has("functions", called)
                ? reused(common, task, pointer, called)
                : check.visible.as(Visible.Use.SENT, () -> function(common, task, pointer, called));
    }

    private @Nullable Task http(Task.Common common, JsonNode task, String pointer) {
        String at = pointer + "/with";
        JsonNode with =
                check.object(check.required(task, pointer, "with", "call http"), at, "'with'");
        check.known(
                with,
                at,
                "call http 'with'",
                Set.of("method", "endpoint", "headers", "body", "query", "output", "redirect"));
        JsonNode method = check.required(with, at, "method", "call http");
        JsonNode endpoint = check.required(with, at, "endpoint", "call http");
        check.objectOrExpression(with, at, "headers");
        check.objectOrExpression(with, at, "query");
        String verb = check.text(with, at, "method", "call http");
        // All of it is looked at, whatever is wrong with a part.
        Template checkedMethod = method(verb, at + "/method");
        Authentication authentication =
                endpoint.isObject() ? tasks.authentications.of(endpoint, at + "/endpoint") : null;
        Template uri =
                endpoint.isMissingNode()
                        ? null
                        : check.visible.sent(
                                authentication, () -> endpoint(endpoint, at + "/endpoint"));
        Template headers = sent(authentication, with, at, "headers");
        Template body = sent(authentication, with, at, "body");
        Template query = sent(authentication, with, at, "query");
        Task.HttpOutput output =
                check.choice(with, at, "output", Task.HttpOutput.class, Task.HttpOutput.CONTENT);
        boolean redirect = check.flag(with, at, "redirect", false);
        return uri == null || method.isMissingNode()
                ? null
                : new Task.CallHttp(
                        common,
                        checkedMethod,
                        uri,
                        authentication,
                        headers,
                        body,
                        query,
                        output,
                        redirect);
    }

    private @Nullable Task openApi(Task.Common common, JsonNode task, String pointer) {
        String at = pointer + "/with";
        JsonNode with =
                check.object(check.required(task, pointer, "with", "call openapi"), at, "'with'");
        check.known(
                with,
                at,
                "call openapi 'with'",
                Set.of(
                        "document",
                        "operationId",
                        "parameters",
                        "authentication",
                        "output",
                        "redirect"));
        JsonNode document =
                check.object(
                        check.required(with, at, "document", "call openapi"),
                        at + "/document",
                        "'document'");
        check.known(document, at + "/document", "'document'", Set.of("endpoint", "name"));
        JsonNode endpoint = check.required(document, at + "/document", "endpoint", "the document");
        if (endpoint.path("authentication").isObject()) {
            check.notYet(
                    at + "/document/endpoint/authentication",
                    "authentication of an OpenAPI document's endpoint");
        }
        Template uri =
                endpoint.isMissingNode() ? null : endpoint(endpoint, at + "/document/endpoint");
        check.required(with, at, "operationId", "call openapi");
        String operation = check.text(with, at, "operationId", "call openapi");
        check.objectOrExpression(with, at, "parameters");
        Authentication authentication = tasks.authentications.of(with, at);
        Template parameters = sent(authentication, with, at, "parameters");
        Task.HttpOutput output =
                check.choice(with, at, "output", Task.HttpOutput.class, Task.HttpOutput.CONTENT);
        boolean redirect = check.flag(with, at, "redirect", false);
        return uri == null || operation == null
                ? null
                : new Task.CallOpenApi(
                        common,
                        uri,
                        Templates.value(with.get("operationId"), at + "/operationId", check),
                        parameters,
                        authentication,
                        output,
                        redirect);
    }

    private @Nullable Template sent(
            @Nullable Authentication authentication, JsonNode with, String at, String name) {
        return check.visible.sent(authentication, () -> values.template(with, at, name));
    }

    private Template method(@Nullable String verb, String pointer) {
        if (verb == null) {
            return Templates.value(TextNode.valueOf(""), pointer, check);
        }
        if (Templates.isExpression(verb)) {
            return Templates.expression(verb, pointer, check);
        }
        String method = verb.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            check.report(
                    "invalid-value",
                    pointer,
                    "'method' is '%s'%s".formatted(verb, Nearest.hint(verb, METHODS)),
                    "one of " + METHODS.stream().sorted().toList(),
                    null);
        }
        return Templates.value(TextNode.valueOf(method), pointer, check);
    }

    @Nullable Template endpoint(JsonNode endpoint, String pointer) {
        if (endpoint.isTextual()) {
            String text = endpoint.textValue();
            if (text.contains("${") && !Templates.isExpression(text)) {
                check.report(
                        "invalid-uri",
                        pointer,
                        "'%s' has an expression inside a text".formatted(text),
                        "{name} for a property of the input, or one expression for the whole text",
                        "${ \"https://…/\\(.name)\" }");
            } else if (!Templates.isExpression(text)) {
                checkUri(Templates.example(text), pointer);
            }
            return Templates.uri(text, pointer, check);
        }
        JsonNode object = check.object(endpoint, pointer, "'endpoint'");
        check.known(object, pointer, "an endpoint", Set.of("uri", "authentication"));
        JsonNode uri = check.required(object, pointer, "uri", "the endpoint");
        if (uri.isTextual()) {
            return endpoint(uri, pointer + "/uri");
        }
        if (!uri.isMissingNode()) {
            check.report(
                    "wrong-type",
                    pointer + "/uri",
                    "'uri' is %s".formatted(Check.kind(uri)),
                    "text",
                    null);
        }
        return null;
    }

    private void checkUri(String text, String pointer) {
        try {
            String scheme = URI.create(text).getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                check.report(
                        "invalid-uri",
                        pointer,
                        "'%s' is no HTTP address".formatted(text),
                        "http:// or https://",
                        null);
            }
        } catch (IllegalArgumentException e) {
            check.report(
                    "invalid-uri",
                    pointer,
                    "'%s' is no URI: %s".formatted(text, e.getMessage()),
                    "http:// or https://",
                    null);
        }
    }

    /**
     * A function of the document itself is a task of its own below the call: what is passed to it
     * is its input, and its own transformations and schemas apply.
     */
    private @Nullable Task reused(Task.Common common, JsonNode task, String pointer, String name) {
        JsonNode definition = tasks.reusables.find("functions", name, pointer + "/call", check);
        if (definition == null) {
            return null;
        }
        Placements.refuse(task, pointer, "a call of a function of the document", check, "runtime");
        String at = Check.join(pointer + "/call/0", name);
        Task body = tasks.reused(name, definition, pointer + "/call", at);
        return body == null ? null : inlined(common, task, pointer, at, body);
    }

    private Task inlined(Task.Common common, JsonNode task, String pointer, String at, Task body) {
        Template passed = values.template(task, pointer, "with");
        Scope scope = new Scope(pointer + "/call", List.of(body));
        if (passed == null) {
            return new Task.Do(common, scope);
        }
        DataFlow flow = new DataFlow(null, passed, null, null, null, null);
        Task.Common inner =
                new Task.Common(
                        body.name(),
                        at,
                        null,
                        flow,
                        null,
                        Directive.CONTINUE,
                        body.common().definition());
        return new Task.Do(
                common, new Scope(pointer + "/call", List.of(new Task.Do(inner, scope))));
    }

    private @Nullable Task function(
            Task.Common common, JsonNode task, String pointer, String called) {
        Matcher matcher = FUNCTION.matcher(called);
        String at = pointer + "/call";
        if (!matcher.matches()) {
            check.report(
                    "invalid-call",
                    at,
                    "'%s' names no function".formatted(called),
                    "http, or name:version@default",
                    null);
            return null;
        }
        String namespace =
                matcher.group(1) == null ? tasks.reusables.namespace() : matcher.group(1);
        DefinitionRef ref =
                tasks.registry
                        .find(
                                DefinitionKind.FUNCTION,
                                namespace,
                                matcher.group(2),
                                matcher.group(3))
                        .orElse(null);
        if (ref == null && tasks.reusables.isUnreadable("functions")) {
            return null; // It may be one of those; what is wrong with them was reported.
        }
        if (ref == null) {
            String wanted = namespace + "/" + matcher.group(2);
            String hint = Nearest.hint(wanted, tasks.registry.names(DefinitionKind.FUNCTION));
            check.report(
                    "unknown-function",
                    at,
                    "function '%s%s' is not registered%s"
                            .formatted(
                                    wanted,
                                    matcher.group(3) == null ? "" : ":" + matcher.group(3),
                                    hint),
                    "a registered function: namespace/name:version@default",
                    hint.isEmpty() ? "publish the function first" : hint.substring(2));
            return null;
        }
        return new Task.CallFunction(
                common,
                ref,
                values.template(task, pointer, "with"),
                Placements.of(task, pointer, check));
    }
}
