package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Valid documents with every part of the language that is supported, from a seed. */
final class GeneratedDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random;
    private int tasks;

    GeneratedDocuments(Random random) {
        this.random = random;
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    ObjectNode workflow() {
        tasks = 0;
        ObjectNode root =
                json(
                        "{'document': {'dsl': '1.0.3', 'namespace': 'billing', 'name': 'order', 'version': '1.2.3'}}");
        maybe((ObjectNode) root.get("document"), "title", () -> text("An order"));
        maybe((ObjectNode) root.get("document"), "tags", () -> json("{'team': 'billing'}"));
        maybe(
                root,
                "input",
                () ->
                        json(
                                "{'schema': {'format': 'json', 'document': {'type': 'object'}}, 'from': '.order'}"));
        root.set("use", use());
        maybe(root, "timeout", () -> json("{'after': {'minutes': 5}}"));
        maybe(root, "output", () -> json("{'as': {'id': '${ .id }'}}"));
        maybe(root, "evaluate", () -> json("{'language': 'jq', 'mode': 'strict'}"));
        root.set("do", list(3));
        return root;
    }

    ObjectNode function() {
        ObjectNode root =
                json(
                        """
                        {'function': 'charge', 'namespace': 'billing', 'version': '2.0.1',
                         'runtime': {'class': 'faas', 'lambda': {'functionName': 'x'}},
                         'tags': {'owner': 'a', 'domain': 'b', 'sensitivity': 'c', 'lifecycle': 'active'},
                         'decision': {'coldStart': 'PT2S', 'duration': 'PT5S', 'ephemeralStorage': 0,
                           'concurrency': 5, 'checkpoint': 'none', 'burstCost': 'low'}}
                        """);
        maybe(root, "title", () -> text("Charges"));
        maybe(root, "input", () -> json("{'schema': {'document': {'type': 'object'}}}"));
        maybe(root, "output", () -> json("{'schema': {'document': {'type': 'object'}}}"));
        maybe(
                root,
                "limits",
                () ->
                        json(
                                "{'cpu': '500m', 'memory': '256Mi', 'timeout': 'PT30S', 'concurrency': 4}"));
        maybe(root, "idempotent", () -> JsonNodeFactory.instance.booleanNode(true));
        maybe(root, "retry", this::retry);
        maybe(root, "fallback", () -> strings("container", "job"));
        ObjectNode runtime = (ObjectNode) root.get("runtime");
        maybe(runtime, "adapters", () -> strings("docker"));
        maybe(
                runtime,
                "source",
                () -> json("{'language': 'python', 'image': 'python:3', 'code': 'print(1)'}"));
        return root;
    }

    private ObjectNode use() {
        ObjectNode use = json("{'retries': {}, 'errors': {}, 'timeouts': {}, 'functions': {}}");
        ((ObjectNode) use.get("retries")).set("gently", retry());
        ((ObjectNode) use.get("errors"))
                .set("broke", json("{'type': 'https://e.org/x', 'status': 402, 'title': 'No'}"));
        ((ObjectNode) use.get("timeouts")).set("soon", json("{'after': 'PT5S'}"));
        ((ObjectNode) use.get("functions")).set("note", json("{'set': {'noted': true}}"));
        return use;
    }

    private ObjectNode retry() {
        ObjectNode retry = json("{'delay': {'seconds': 1}}");
        maybe(retry, "when", () -> text("${ .status == 503 }"));
        maybe(retry, "backoff", () -> json("{'exponential': {}}"));
        maybe(retry, "limit", () -> json("{'attempt': {'count': 3}, 'duration': {'minutes': 1}}"));
        maybe(
                retry,
                "jitter",
                () -> json("{'from': {'milliseconds': 1}, 'to': {'milliseconds': 9}}"));
        return retry;
    }

    private ArrayNode list(int depth) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        int first = tasks;
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            ObjectNode task = task(depth);
            String name = "step" + tasks++;
            maybe(task, "if", () -> text("${ .go and true }"));
            maybe(task, "input", () -> json("{'from': {'x': '${ .x }'}}"));
            maybe(task, "output", () -> json("{'as': '.result'}"));
            maybe(task, "export", () -> json("{'as': '$context + {seen: true}'}"));
            maybe(task, "timeout", () -> json("{'after': 'PT1M'}"));
            maybe(task, "metadata", () -> json("{'color': 'red'}"));
            if (random.nextInt(4) == 0 && first < tasks) {
                task.put("then", random.nextBoolean() ? "exit" : name);
            }
            list.addObject().set(name, task);
        }
        return list;
    }

    private ObjectNode task(int depth) {
        return switch (random.nextInt(depth > 0 ? 16 : 10)) {
            case 0 -> json("{'set': {'x': '${ .y + 1 }', 'z': [1, 2]}}");
            case 1 ->
                    json(
                            "{'switch': [{'big': {'when': '.x > 1', 'then': 'end'}}, {'other': {'then': 'continue'}}]}");
            case 2 -> json("{'raise': {'error': 'broke'}}");
            case 3 ->
                    json(
                            "{'raise': {'error': {'type': 'https://e.org/y', 'status': 500, 'detail': '${ .why }'}}}");
            case 4 -> json("{'wait': {'seconds': 1}}");
            case 5 -> json("{'call': 'charge:1.0.0@default', 'with': {'id': '${ .id }'}}");
            case 6 -> http();
            case 7 -> run();
            case 8 ->
                    json(
                            "{'run': {'workflow': {'namespace': 'billing', 'name': 'refund-all', 'version': '1.0.0', 'input': {'a': 1}}}}");
            case 9 -> json("{'call': 'note', 'with': {'a': 1}}");
            case 10, 11 -> with("{}", "do", list(depth - 1));
            case 12, 13 -> loop(depth);
            case 14 -> fork(depth);
            default -> attempt(depth);
        };
    }

    private ObjectNode http() {
        ObjectNode task =
                json(
                        "{'call': 'http', 'with': {'method': 'post', 'endpoint': 'https://e.org/{id}'}}");
        ObjectNode with = (ObjectNode) task.get("with");
        if (random.nextBoolean()) {
            with.set("endpoint", json("{'uri': 'https://e.org/pets'}"));
        }
        maybe(with, "headers", () -> json("{'Accept': 'text/plain'}"));
        maybe(with, "body", () -> json("{'a': '${ .a }'}"));
        maybe(with, "query", () -> json("{'q': 'x'}"));
        maybe(with, "output", () -> text("response"));
        maybe(with, "redirect", () -> JsonNodeFactory.instance.booleanNode(true));
        return task;
    }

    private ObjectNode run() {
        ObjectNode task =
                switch (random.nextInt(3)) {
                    case 0 ->
                            json(
                                    "{'run': {'container': {'image': 'busybox', 'command': 'ls', 'pullPolicy': 'always', 'lifetime': {'cleanup': 'never'}}}}");
                    case 1 -> json("{'run': {'script': {'language': 'js', 'code': 'x()'}}}");
                    default -> json("{'run': {'shell': {'command': 'ls', 'stdin': '${ .in }'}}}");
                };
        ObjectNode run = (ObjectNode) task.get("run");
        ObjectNode process = (ObjectNode) run.get(run.fieldNames().next());
        maybe(process, "arguments", () -> strings("-l", "${ .dir }"));
        maybe(process, "environment", () -> json("{'A': '${ .a }'}"));
        maybe(run, "return", () -> text("all"));
        maybe(run, "await", () -> JsonNodeFactory.instance.booleanNode(true));
        if (random.nextBoolean()) {
            task.set(
                    "metadata",
                    json(
                            "{'gantry': {'runtime': {'class': 'job', 'adapter': 'docker', 'idempotent': true, 'limits': {'cpu': '1', 'memory': '64Mi'}}}}"));
        }
        return task;
    }

    private ObjectNode loop(int depth) {
        ObjectNode loop =
                with("{'for': {'each': 'pet', 'in': '.pets', 'at': 'i'}}", "do", list(depth - 1));
        maybe(loop, "while", () -> text(".go != false"));
        return loop;
    }

    private ObjectNode fork(int depth) {
        ObjectNode fork = json("{'fork': {'compete': true}}");
        ArrayNode branches = list(depth - 1);
        branches.forEach(branch -> ((ObjectNode) branch.elements().next()).remove("then"));
        ((ObjectNode) fork.get("fork")).set("branches", branches);
        return fork;
    }

    private ObjectNode attempt(int depth) {
        ObjectNode task = json("{'catch': {'as': 'err'}}");
        ObjectNode handler = (ObjectNode) task.get("catch");
        maybe(handler, "errors", () -> json("{'with': {'status': 500, 'type': 'https://e.org'}}"));
        maybe(handler, "when", () -> text("$err.status > 1"));
        maybe(handler, "retry", () -> random.nextBoolean() ? text("gently") : retry());
        maybe(handler, "do", () -> list(depth - 1));
        task.set("try", list(depth - 1));
        return task;
    }

    private void maybe(ObjectNode object, String name, Supplier<JsonNode> value) {
        if (random.nextInt(3) == 0) {
            object.set(name, value.get());
        }
    }

    private static ObjectNode with(String json, String name, JsonNode value) {
        ObjectNode object = json(json);
        object.set(name, value);
        return object;
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    private static ArrayNode strings(String... texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        List.of(texts).forEach(array::add);
        return array;
    }
}
