package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.client.Json;
import dev.gantry.cli.client.Problem;
import dev.gantry.cli.client.RefusedException;
import dev.gantry.cli.client.UnreachableException;
import dev.gantry.cli.terminal.Style;
import dev.gantry.cli.terminal.Terminal;
import java.util.List;

/** Says what went wrong and how to mend it, and with which exit code that ends. */
final class Failures {
    private static final int MOST_SHOWN = 20;

    private Failures() {}

    static int exitCode(Throwable failure) {
        return switch (failure) {
            case UsageException _ -> Exit.INVALID;
            case UnreachableException _ -> Exit.UNREACHABLE;
            case RefusedException refused when refused.isPassing() -> Exit.UNREACHABLE;
            case RefusedException refused -> exitCode(refused.problem());
            default -> Exit.BROKEN;
        };
    }

    private static int exitCode(Problem problem) {
        return switch (problem.status()) {
            case 401, 403 -> Exit.UNAUTHORIZED;
            case 404 -> Exit.NOT_FOUND;
            case 409, 422, 503 -> Exit.REFUSED;
            default -> problem.status() < 500 ? Exit.INVALID : Exit.BROKEN;
        };
    }

    static void print(Throwable failure, Terminal terminal) {
        switch (failure) {
            case UsageException usage -> terminal.note(error(terminal, "" + usage.getMessage()));
            case UnreachableException unreachable -> {
                terminal.note(
                        error(
                                terminal,
                                "no Gantry server at %s: %s"
                                        .formatted(
                                                unreachable.server(), unreachable.getMessage())));
                mend(
                        terminal,
                        "Start one with 'gantry demo' or 'gantry server --dev', or say where it"
                                + " is with --url or GANTRY_URL.");
            }
            case RefusedException refused -> print(refused.problem(), terminal);
            default -> {
                terminal.note(error(terminal, "the client failed: " + failure));
                mend(terminal, "Set GANTRY_TRACE=1 to see where, and please report it.");
            }
        }
    }

    private static void print(Problem problem, Terminal terminal) {
        String code = problem.code().isEmpty() ? "" : " (" + problem.code() + ")";
        terminal.note(error(terminal, problem.title() + code));
        if (!problem.detail().isEmpty()) {
            terminal.note("  " + Style.safe(problem.detail()));
        }
        List<JsonNode> errors = problem.errors();
        for (JsonNode one : errors.subList(0, Math.min(errors.size(), MOST_SHOWN))) {
            terminal.note("  - " + finding(one));
        }
        mend(terminal, mend(problem));
    }

    private static String finding(JsonNode error) {
        String pointer = Json.text(error, "pointer");
        String message = Json.text(error, "message");
        String text = message.isEmpty() ? Json.compact(error) : message;
        return Style.safe(pointer.isEmpty() ? text : pointer + ": " + text);
    }

    private static String error(Terminal terminal, String text) {
        return terminal.style().red("error") + ": " + Style.safe(text);
    }

    private static void mend(Terminal terminal, String hint) {
        if (!hint.isEmpty()) {
            terminal.note("  " + terminal.style().dim("→ " + hint));
        }
    }

    /** Only what the server can not say: it does not know how it is called. */
    private static String mend(Problem problem) {
        return switch (problem.code()) {
            case "KEY_MISSING", "KEY_INVALID" ->
                    "Give the server's key with --token or GANTRY_TOKEN. A server that runs here"
                            + " keeps it in its data folder; name that with --data.";
            case "PERMISSION_MISSING" -> "Use a key that has this permission.";
            case "DEFINITION_NOT_FOUND" -> "Publish it with 'gantry apply FILE'.";
            case "EXECUTION_NOT_FOUND" -> "'gantry list' shows what there is.";
            case "STEP_NOT_FOUND" -> "'gantry get ID' shows the steps.";
            case "ADAPTER_DISCONNECTED" -> "'gantry adapters' shows what is connected.";
            case "DEFINITION_INVALID" -> "'gantry validate FILE' shows where.";
            case "WRONG_STATUS" -> "'gantry get ID' shows its status.";
            case "OVERLOADED", "UNAVAILABLE", "TOO_MANY_STREAMS" -> "Try again in a moment.";
            case "INTERNAL" -> "Look for the reference in the server's log.";
            default -> "";
        };
    }

    /** The same for programs. */
    static JsonNode json(Throwable failure) {
        ObjectNode json = Json.object();
        if (failure instanceof RefusedException refused) {
            Problem problem = refused.problem();
            json.setAll((ObjectNode) problem.body());
            json.put("status", problem.status());
            return json;
        }
        json.put("title", "The command failed");
        json.put(
                "code",
                switch (failure) {
                    case UsageException _ -> "USAGE";
                    case UnreachableException _ -> "UNREACHABLE";
                    default -> "CLIENT_FAILED";
                });
        return json.put("detail", String.valueOf(failure.getMessage()));
    }
}
