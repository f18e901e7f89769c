package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Authentication;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code call: grpc}. */
final class GrpcTasks {
    private static final int MOST_PORTS = 65_535;

    private final TaskCompiler tasks;
    private final Check check;

    GrpcTasks(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
    }

    @Nullable Task call(Task.Common common, JsonNode task, String pointer, CallTasks calls) {
        String at = pointer + "/with";
        JsonNode with =
                check.object(check.required(task, pointer, "with", "call grpc"), at, "'with'");
        check.known(
                with, at, "call grpc 'with'", Set.of("proto", "service", "method", "arguments"));
        Template proto = proto(with, at, calls);
        JsonNode service =
                check.object(
                        check.required(with, at, "service", "call grpc"),
                        at + "/service",
                        "'service'");
        check.known(
                service,
                at + "/service",
                "'service'",
                Set.of("name", "host", "port", "authentication"));
        Template name = text(service, at + "/service", "name", "the service");
        Template host = text(service, at + "/service", "host", "the service");
        port(service.path("port"), at + "/service/port");
        Template method = text(with, at, "method", "call grpc");
        check.objectOrExpression(with, at, "arguments");
        Template port = tasks.values.template(service, at + "/service", "port");
        Authentication authentication = tasks.authentications.of(service, at + "/service");
        Template arguments =
                check.visible.sent(
                        authentication, () -> tasks.values.template(with, at, "arguments"));
        return proto == null || name == null || host == null || method == null
                ? null
                : new Task.CallGrpc(
                        common, proto, name, host, port, method, arguments, authentication);
    }

    private @Nullable Template proto(JsonNode with, String pointer, CallTasks calls) {
        String at = pointer + "/proto";
        JsonNode proto =
                check.object(check.required(with, pointer, "proto", "call grpc"), at, "'proto'");
        check.known(proto, at, "'proto'", Set.of("name", "endpoint"));
        JsonNode endpoint = check.required(proto, at, "endpoint", "the proto resource");
        if (endpoint.path("authentication").isObject()) {
            check.notYet(
                    at + "/endpoint/authentication", "authentication of a proto file's endpoint");
        }
        JsonNode uri = endpoint.isObject() ? endpoint.path("uri") : endpoint;
        if (uri.asText().startsWith("file:")) {
            check.notYet(at + "/endpoint", "a proto file on the server's own disk");
            return null;
        }
        return endpoint.isMissingNode() ? null : calls.endpoint(endpoint, at + "/endpoint");
    }

    private @Nullable Template text(JsonNode object, String pointer, String name, String what) {
        check.required(object, pointer, name, what);
        String text = check.text(object, pointer, name, "property");
        return text == null
                ? null
                : Templates.value(object.get(name), Check.join(pointer, name), check);
    }

    private void port(JsonNode port, String pointer) {
        boolean fits =
                port.isMissingNode()
                        || (port.isTextual() && Templates.isExpression(port.textValue()))
                        || (port.isInt() && port.intValue() > 0 && port.intValue() <= MOST_PORTS);
        if (!fits) {
            check.report(
                    "invalid-value",
                    pointer,
                    "'port' is %s".formatted(port),
                    "a number from 1 to %d, or an expression".formatted(MOST_PORTS),
                    null);
        }
    }
}
