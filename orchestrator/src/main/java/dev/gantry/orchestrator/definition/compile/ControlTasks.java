package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.orchestrator.definition.expression.Templates;
import dev.gantry.orchestrator.definition.plan.Directive;
import dev.gantry.orchestrator.definition.plan.DurationTemplate;
import dev.gantry.orchestrator.definition.plan.RetryPolicy;
import dev.gantry.orchestrator.definition.plan.Scope;
import dev.gantry.orchestrator.definition.plan.Task;
import dev.gantry.orchestrator.definition.plan.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tasks that steer: do, set, switch, for, fork, try, raise, wait. */
final class ControlTasks {
    private final TaskCompiler tasks;
    private final Check check;
    private final Values values;

    ControlTasks(TaskCompiler tasks) {
        this.tasks = tasks;
        this.check = tasks.check;
        this.values = tasks.values;
    }

    Task doTask(Task.Common common, JsonNode task, String pointer, List<String> names) {
        return new Task.Do(common, tasks.scope(task.get("do"), pointer + "/do", "'do'"));
    }

    @Nullable Task set(Task.Common common, JsonNode task, String pointer, List<String> names) {
        JsonNode value = task.get("set");
        boolean fits =
                value.isTextual()
                        ? check.isLoose() || Templates.isExpression(value.textValue())
                        : value.isObject();
        if (!fits) {
            check.report(
                    "wrong-type",
                    pointer + "/set",
                    "'set' is %s".formatted(Check.kind(value)),
                    "an object, or an expression ${ … }",
                    null);
            return null;
        }
        if (value.isObject() && value.isEmpty()) {
            check.reportNew(
                    "empty-object",
                    pointer + "/set",
                    "'set' sets nothing",
                    "at least one property",
                    "write ${ {} } for an empty object");
        }
        return new Task.Set(common, Templates.value(value, pointer + "/set", check));
    }

    @Nullable Task choose(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String at = pointer + "/switch";
        JsonNode list = check.list(task.get("switch"), at, "'switch'");
        List<Task.Switch.Case> cases = new ArrayList<>();
        boolean otherwise = false;
        if (list.isArray() && list.isEmpty()) {
            check.reportNew("empty-list", at, "'switch' has no cases", "at least one case", null);
        }
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = check.object(list.get(i), at + "/" + i, "the case");
            if (item.size() != 1) {
                check.report(
                        "invalid-case",
                        at + "/" + i,
                        "a case has %d names".formatted(item.size()),
                        "one name, with 'when' and 'then' below it",
                        null);
                continue;
            }
            String name = item.fieldNames().next();
            String below = Check.join(at + "/" + i, name);
            JsonNode option = check.object(item.get(name), below, "case '%s'".formatted(name));
            check.known(option, below, "case '%s'".formatted(name), Set.of("when", "then"));
            Template when = values.condition(option, below, "when", "case");
            if (when == null && otherwise) {
                check.report(
                        "several-defaults",
                        below,
                        "case '%s' is a second default".formatted(name),
                        "'when'",
                        null);
            }
            otherwise |= when == null;
            check.required(option, below, "then", "case '%s'".formatted(name));
            cases.add(new Task.Switch.Case(name, when, tasks.then(option, below, names)));
        }
        return new Task.Switch(common, cases);
    }

    @Nullable Task loop(Task.Common common, JsonNode task, String pointer, List<String> siblings) {
        String at = pointer + "/for";
        int before = check.size();
        JsonNode loop = check.object(task.get("for"), at, "'for'");
        check.known(loop, at, "'for'", Set.of("each", "in", "at"));
        JsonNode in = check.required(loop, at, "in", "'for'");
        check.required(task, pointer, "do", "the loop");
        String each = check.text(loop, at, "each", "loop");
        String index = check.text(loop, at, "at", "loop");
        Template items = null;
        if (in.isTextual()) {
            items = Templates.expression(in.textValue(), at + "/in", check);
        } else if (in.isArray()) {
            items = Templates.value(in, at + "/in", check);
        } else if (!in.isMissingNode()) {
            check.report(
                    "wrong-type",
                    at + "/in",
                    "'in' is %s".formatted(Check.kind(in)),
                    "an expression or a list",
                    null);
        }
        String item = each == null ? "item" : each;
        String position = index == null ? "index" : index;
        boolean isSound = check.size() == before;
        Set<String> names = new HashSet<>(List.of(item, position));
        Template whileTrue =
                check.visible.with(
                        isSound, names, () -> values.condition(task, pointer, "while", "loop"));
        Scope body =
                check.visible.with(
                        isSound,
                        names,
                        () -> tasks.scope(task.path("do"), pointer + "/do", "'do'"));
        int concurrency = Placements.concurrency(task, pointer, check);
        return items == null
                ? null
                : new Task.For(common, item, position, items, whileTrue, body, concurrency);
    }

    Task fork(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String at = pointer + "/fork";
        JsonNode fork = check.object(task.get("fork"), at, "'fork'");
        check.known(fork, at, "'fork'", Set.of("branches", "compete"));
        check.required(fork, at, "branches", "'fork'");
        Scope branches = tasks.scope(fork.path("branches"), at + "/branches", "'branches'");
        for (Task branch : branches.tasks()) {
            if (branch.common().then() instanceof Directive.GoTo) {
                check.report(
                        "then-out-of-scope",
                        branch.pointer() + "/then",
                        "a branch leads to another one; branches run side by side",
                        "continue, exit or end",
                        null);
            }
        }
        return new Task.Fork(common, branches.tasks(), check.flag(fork, at, "compete", false));
    }

    Task attempt(Task.Common common, JsonNode task, String pointer, List<String> names) {
        Scope body = tasks.scope(task.get("try"), pointer + "/try", "'try'");
        String at = pointer + "/catch";
        int before = check.size();
        JsonNode handler =
                check.object(check.required(task, pointer, "catch", "the task"), at, "'catch'");
        check.known(
                handler,
                at,
                "'catch'",
                Set.of("errors", "as", "when", "exceptWhen", "retry", "do", "then"));
        JsonNode errors = check.object(handler.path("errors"), at + "/errors", "'errors'");
        String as = check.text(handler, at, "as", "catch");
        boolean isSound = check.size() == before;
        return check.visible.with(
                isSound,
                Set.of(as == null ? "error" : as),
                () ->
                        new Task.Try(
                                common,
                                body,
                                handler(handler, at, errors, as == null ? "error" : as, names)));
    }

    private Task.Try.Catch handler(
            JsonNode handler, String at, JsonNode errors, String as, List<String> names) {
        String then = check.text(handler, at, "then", "catch");
        return new Task.Try.Catch(
                values.errorFilter(errors, at + "/errors"),
                as,
                values.condition(handler, at, "when", "catch"),
                values.condition(handler, at, "exceptWhen", "catch"),
                retry(handler, at),
                handler.has("do") ? tasks.scope(handler.get("do"), at + "/do", "'do'") : null,
                then == null ? null : tasks.directive(then, at + "/then", names));
    }

    private @Nullable RetryPolicy retry(JsonNode handler, String pointer) {
        JsonNode retry = handler.path("retry");
        String at = pointer + "/retry";
        if (retry.isTextual()) {
            String name = retry.textValue();
            JsonNode reused = tasks.reusables.find("retries", name, at, check);
            return reused == null ? null : values.retry(reused, "/use/retries/" + name);
        }
        JsonNode object = check.object(retry, at, "'retry'");
        return object.isMissingNode() ? null : values.retry(object, at);
    }

    @Nullable Task raise(Task.Common common, JsonNode task, String pointer, List<String> names) {
        String at = pointer + "/raise";
        JsonNode raise = check.object(task.get("raise"), at, "'raise'");
        check.known(raise, at, "'raise'", Set.of("error"));
        JsonNode error = check.required(raise, at, "error", "'raise'");
        String place = at + "/error";
        if (error.isTextual()) {
            String name = error.textValue();
            JsonNode reused = tasks.reusables.find("errors", name, place, check);
            if (reused == null) {
                return null;
            }
            error = reused;
            place = "/use/errors/" + name;
        }
        if (!error(error, place, check)) {
            return null;
        }
        JsonNode type = error.get("type");
        JsonNode status = error.get("status");
        return new Task.Raise(
                common,
                Templates.value(type, place + "/type", check),
                Templates.value(status, place + "/status", check),
                values.template(error, place, "title"),
                values.template(error, place, "detail"),
                values.template(error, place, "instance"));
    }

    /** Whether the error can be raised; if not, it was reported why. */
    static boolean error(JsonNode value, String pointer, Check check) {
        JsonNode error = check.object(value, pointer, "the error");
        if (error.isMissingNode()) {
            return false;
        }
        check.known(
                error,
                pointer,
                "an error",
                Set.of("type", "status", "instance", "title", "detail"));
        for (String name : List.of("type", "instance", "title", "detail")) {
            check.text(error, pointer, name, "error");
        }
        boolean complete = true;
        for (String name : List.of("type", "status")) {
            complete &= !check.required(error, pointer, name, "the error").isMissingNode();
        }
        JsonNode status = error.path("status");
        boolean fits =
                status.isInt()
                        ? status.intValue() >= 100 && status.intValue() < 600
                        : status.isTextual() && Templates.isExpression(status.textValue());
        if (!status.isMissingNode() && !fits) {
            check.report(
                    "invalid-value",
                    pointer + "/status",
                    "'status' is %s".formatted(status),
                    "a number from 100 to 599, or an expression",
                    null);
        }
        return complete && fits && error.get("type").isTextual();
    }

    Task pause(Task.Common common, JsonNode task, String pointer, List<String> names) {
        DurationTemplate duration = values.duration(task.get("wait"), pointer + "/wait");
        return new Task.Wait(
                common, duration == null ? DurationTemplate.of(Duration.ZERO) : duration);
    }
}
