package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Request;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Table;
import dev.gantry.cli.terminal.Times;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What looks at published workflows and functions, and switches them on and off. */
final class DefinitionCommands {
    private static final int PAGE = 200;
    private static final String NAME = "NAMESPACE/NAME[:VERSION]";
    private static final String VERSION = "NAMESPACE/NAME:VERSION";

    private DefinitionCommands() {}

    static String path(DefinitionName name) {
        return "/v1/definitions/%s/%s"
                .formatted(Request.encode(name.namespace()), Request.encode(name.name()));
    }

    /** With the version, or the latest one. */
    static String versionPath(DefinitionName name) {
        String version = name.version();
        return path(name) + "/" + Request.encode(version == null ? "latest" : version);
    }

    /** Which of two, where a workflow and a function have the same name. */
    static final class Kind {
        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "workflow or function; needed where both have the name.")
        private @Nullable String kind;

        Request of(Request request) {
            return request.query("kind", lower(kind));
        }
    }

    private static @Nullable String lower(@Nullable String kind) {
        return kind == null ? null : kind.toLowerCase(Locale.ROOT);
    }

    /** A name for all versions. */
    private static DefinitionName nameOfAll(String text) {
        DefinitionName name = DefinitionName.parse(text);
        if (name.version() != null) {
            throw new UsageException(
                    "'%s' names one version, which 'definitions get' shows; expected is NAMESPACE/NAME"
                            .formatted(text));
        }
        return name;
    }

    private static String state(JsonNode definition) {
        return definition.path("enabled").asBoolean() ? "enabled" : "disabled";
    }

    @Command(name = "list", description = "Lists definitions, or the versions of one.")
    static class Listing extends ListingCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "NAMESPACE/NAME",
                description = "Lists its versions, the newest first; else the latest of each.")
        private @Nullable String name;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "Only workflow, or only function.")
        private @Nullable String kind;

        @Option(
                names = "--namespace",
                paramLabel = "NAMESPACE",
                description = "Only of this namespace.")
        private @Nullable String namespace;

        Listing(Environment environment) {
            super(environment, 100);
        }

        @Override
        String nothing() {
            return "no definitions";
        }

        @Override
        Request request(int pageSize) {
            String only = lower(kind);
            if (name == null) {
                return Request.get("/v1/definitions")
                        .query("kind", only)
                        .query("namespace", namespace)
                        .query("limit", "" + pageSize);
            }
            DefinitionName one = nameOfAll(name);
            if (namespace != null) {
                throw new UsageException("--namespace goes without the name of a definition");
            }
            return Request.get(path(one)).query("kind", only);
        }

        @Override
        Table table(List<JsonNode> items) {
            Table table = new Table(style(), "KIND", "DEFINITION", "STATUS", "PUBLISHED", "BY");
            for (JsonNode item : items) {
                table.row(
                        Style.safe(Json.text(item, "kind")),
                        ExecutionText.definition(item),
                        style().status(state(item)),
                        Times.local(Json.text(item, "publishedAt")),
                        Style.safe(Json.text(item, "publishedBy")));
            }
            return table;
        }
    }

    @Command(
            name = "definitions",
            description = "Lists and shows what is published, and switches it on and off.",
            commandListHeading = "%nCommands:%n")
    static final class Definitions extends Listing implements Group {
        private final Environment environment;

        Definitions(Environment environment) {
            super(environment);
            this.environment = environment;
        }

        @Override
        public Map<String, Object> commands() {
            Map<String, Object> commands = new LinkedHashMap<>();
            commands.put("list", new Listing(environment));
            commands.put("get", new Get(environment));
            commands.put("enable", new Switch.Enable(environment));
            commands.put("disable", new Switch.Disable(environment));
            commands.put("delete", new Delete(environment));
            commands.put("history", new History(environment));
            return commands;
        }
    }

    @Command(
            name = "get",
            description = "Shows a document as it was published.",
            footer = {"", "With -o json also its digest, and who published it when."})
    static final class Get extends RemoteCommand {
        @Parameters(paramLabel = NAME, description = "The latest enabled version by default.")
        private String name = "";

        @Mixin private final Kind kind = new Kind();

        Get(Environment environment) {
            super(environment);
        }

        @Override
        public Integer call() throws IOException {
            Request request = kind.of(Request.get(versionPath(DefinitionName.parse(name))));
            if (isJson()) {
                printJson(api().send(request).body());
                return Exit.OK;
            }
            try (InputStream document = api().stream(request.accept("application/yaml"))) {
                terminal().copy(document, true);
            }
            return Exit.OK;
        }
    }

    @Command(
            name = "history",
            description = "Lists who published, enabled, disabled and deleted, the newest first.")
    static final class History extends RemoteCommand {
        @Parameters(paramLabel = "NAMESPACE/NAME", description = "The definition.")
        private String name = "";

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "Only of the workflow, or only of the function.")
        private @Nullable String kind;

        History(Environment environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            DefinitionName one = nameOfAll(name);
            Request request =
                    Request.get(path(one) + "/history")
                            .query("kind", lower(kind))
                            .query("limit", "" + PAGE);
            List<JsonNode> changes = new Paged(api(), request, 0).items();
            if (isJson()) {
                ObjectNode json = Json.object();
                json.putArray("items").addAll(changes);
                printJson(json);
                return Exit.OK;
            }
            Table table = new Table(style(), "AT", "WHAT", "KIND", "DEFINITION", "BY");
            for (JsonNode change : changes) {
                table.row(
                        Times.local(Json.text(change, "at")),
                        style().status(Style.safe(Json.text(change, "action"))),
                        Style.safe(Json.text(change, "kind")),
                        ExecutionText.definition(change),
                        Style.safe(Json.text(change, "by")));
            }
            table.print(terminal());
            return Exit.OK;
        }
    }

    /** A command on one version, which has to be named: what changes is not left to chance. */
    abstract static class OnVersion extends RemoteCommand {
        @Parameters(paramLabel = VERSION, description = "The version.")
        private String name = "";

        @Mixin private final Kind kind = new Kind();

        OnVersion(Environment environment) {
            super(environment);
        }

        final DefinitionName name() {
            DefinitionName one = DefinitionName.parse(name);
            if (one.version() == null) {
                throw new UsageException(
                        "'%s' names no version; expected is %s".formatted(name, VERSION));
            }
            return one;
        }

        final Kind kind() {
            return kind;
        }
    }

    abstract static class Switch extends OnVersion {
        private final String verb;

        Switch(Environment environment, String verb) {
            super(environment);
            this.verb = verb;
        }

        @Override
        public Integer call() {
            Request request = Request.post(versionPath(name()) + ":" + verb);
            JsonNode definition = api().send(kind().of(request)).body();
            if (isJson()) {
                printJson(definition);
            } else {
                String state = style().status(state(definition));
                terminal().print(ExecutionText.definition(definition) + "  " + state);
            }
            return Exit.OK;
        }

        @Command(name = "enable", description = "Lets new executions of a version start again.")
        static final class Enable extends Switch {
            Enable(Environment environment) {
                super(environment, "enable");
            }
        }

        @Command(
                name = "disable",
                description = "Lets no new executions of a version start; those that run go on.")
        static final class Disable extends Switch {
            Disable(Environment environment) {
                super(environment, "disable");
            }
        }
    }

    @Command(
            name = "delete",
            description = "Takes a version away; executions that run keep theirs.")
    static final class Delete extends OnVersion {
        Delete(Environment environment) {
            super(environment);
        }

        @Override
        public Integer call() {
            DefinitionName name = name();
            api().send(kind().of(Request.delete(versionPath(name))));
            if (isJson()) {
                printJson(Json.object().put("deleted", name.toString()));
            } else {
                terminal().print(Style.safe(name.toString()) + "  " + style().dim("deleted"));
            }
            return Exit.OK;
        }
    }
}
