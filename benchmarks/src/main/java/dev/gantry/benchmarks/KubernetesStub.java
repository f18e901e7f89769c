package dev.gantry.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * As much of an API server, a Job controller and a node as thousands of steps need that run until
 * they are told to end, in a process of its own: {@code POST /end} ends all, {@code GET /counts}
 * tells how many watches and followed logs there are.
 */
public final class KubernetesStub {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> pods = new ConcurrentHashMap<>();
    private final List<BlockingQueue<String>> watches = new CopyOnWriteArrayList<>();
    private final AtomicInteger logs = new AtomicInteger();
    private final AtomicLong version = new AtomicLong(1);
    private final CountDownLatch end = new CountDownLatch(1);

    private KubernetesStub() {}

    /** Prints its port, and serves until it is ended. */
    public static void main(String[] arguments) throws IOException {
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        KubernetesStub stub = new KubernetesStub();
        server.createContext("/", stub::serve);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/");
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path[path.length - 1].equals("log")) {
                followLog(exchange, resource(pods, path[path.length - 2]));
            } else if (query.contains("watch=true")) {
                watch(exchange);
            } else {
                JsonNode answer = answer(exchange.getRequestMethod(), path, query, body);
                send(exchange, answer == null ? 404 : 200, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode resource(Map<String, ObjectNode> kind, String name) {
        return Objects.requireNonNull(kind.get(name), name);
    }

    private static void send(HttpExchange exchange, int status, @Nullable JsonNode answer)
            throws IOException {
        byte[] bytes = answer == null ? new byte[0] : answer.toString().getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private @Nullable JsonNode answer(String method, String[] path, String query, byte[] body)
            throws IOException {
        String last = path[path.length - 1];
        return switch (last) {
            case "end" -> endAll();
            case "counts" -> node().put("watches", watches.size()).put("logs", logs.get());
            case "jobs" -> method.equals("POST") ? create(read(body)) : list(jobs, query);
            case "pods" -> list(pods, query);
            case "secrets" -> read(body);
            default -> {
                boolean isJob = path[path.length - 2].equals("jobs");
                yield one(method, isJob ? jobs : pods, last, body);
            }
        };
    }

    private @Nullable ObjectNode one(
            String method, Map<String, ObjectNode> kind, String name, byte[] body)
            throws IOException {
        return switch (method) {
            case "PATCH" -> patch(kind, name, read(body));
            case "DELETE" -> {
                pods.remove(name + "-0");
                yield kind.remove(name);
            }
            default -> kind.get(name);
        };
    }

    private static JsonNode read(byte[] body) throws IOException {
        return JSON.readTree(body);
    }

    private static ObjectNode node() {
        return JSON.createObjectNode();
    }

    private JsonNode create(JsonNode asked) {
        ObjectNode job = asked.deepCopy();
        String name = born(job, job.at("/metadata/name").textValue());
        job.putObject("status").put("active", 1);
        jobs.put(name, job);
        ObjectNode pod = job.at("/spec/template").deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        born(pod, name + "-0");
        ((ObjectNode) pod.at("/metadata")).put("namespace", "default");
        ((ObjectNode) pod.at("/metadata/labels"))
                .put("batch.kubernetes.io/controller-uid", job.at("/metadata/uid").textValue())
                .put("batch.kubernetes.io/job-name", name);
        pod.putObject("status").put("phase", "Pending");
        changed("ADDED", pod);
        return job;
    }

    private String born(ObjectNode resource, String name) {
        ((ObjectNode) resource.at("/metadata"))
                .put("name", name)
                .put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", Instant.now().toString())
                .put("resourceVersion", Long.toString(version.incrementAndGet()));
        return name;
    }

    private ObjectNode patch(Map<String, ObjectNode> kind, String name, JsonNode patch) {
        ObjectNode patched = (ObjectNode) JsonPatch.apply(patch, resource(kind, name));
        boolean isPod = patched.path("kind").textValue().equals("Pod");
        if (isPod && patched.at("/spec/schedulingGates").isEmpty() && isPending(patched)) {
            ((ObjectNode) patched.at("/spec")).put("nodeName", "stub");
            state(patched, "Running", "running").put("startedAt", Instant.now().toString());
        }
        if (isPod) {
            changed("MODIFIED", patched);
        } else {
            kind.put(name, patched);
        }
        return patched;
    }

    private static boolean isPending(JsonNode pod) {
        return pod.at("/status/phase").textValue().equals("Pending");
    }

    private static ObjectNode state(ObjectNode pod, String phase, String state) {
        ObjectNode status = pod.putObject("status").put("phase", phase);
        ObjectNode container = status.putArray("containerStatuses").addObject();
        container.put("name", "step").put("containerID", "stub://1");
        return container.putObject("state").putObject(state);
    }

    private JsonNode endAll() {
        String now = Instant.now().toString();
        for (ObjectNode pod : List.copyOf(pods.values())) {
            ObjectNode ended = pod.deepCopy();
            state(ended, "Succeeded", "terminated")
                    .put("exitCode", 0)
                    .put("startedAt", now)
                    .put("finishedAt", now);
            changed("MODIFIED", ended);
        }
        end.countDown();
        return node();
    }

    private void changed(String type, ObjectNode pod) {
        ((ObjectNode) pod.at("/metadata"))
                .put("resourceVersion", Long.toString(version.incrementAndGet()));
        pods.put(pod.at("/metadata/name").textValue(), pod);
        ObjectNode event = node().put("type", type);
        event.set("object", pod);
        watches.forEach(watch -> watch.add(event.toString()));
    }

    private JsonNode list(Map<String, ObjectNode> kind, String query) {
        List<String[]> labels = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("labelSelector=")) {
                String selector = URLDecoder.decode(parameter.substring(14), UTF_8);
                for (String label : selector.split(",", -1)) {
                    labels.add(label.split("=", 2));
                }
            }
        }
        ObjectNode list = node().put("apiVersion", "v1").put("kind", "List");
        list.putObject("metadata").put("resourceVersion", version.toString());
        ArrayNode items = list.putArray("items");
        kind.values().stream()
                .filter(it -> labels.stream().allMatch(label -> has(it, label)))
                .forEach(items::add);
        return list;
    }

    private static boolean has(JsonNode resource, String[] label) {
        return label[1].equals(resource.at("/metadata/labels").path(label[0]).textValue());
    }

    /** A client that asks for a WebSocket comes again without. */
    private void watch(HttpExchange exchange) throws IOException, InterruptedException {
        boolean isWebSocket = exchange.getRequestHeaders().containsKey("Sec-WebSocket-Key");
        exchange.sendResponseHeaders(200, isWebSocket ? -1 : 0);
        if (isWebSocket) {
            return;
        }
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        watches.add(events);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            while (true) {
                out.write((events.take() + "\n").getBytes(UTF_8));
                out.flush();
            }
        } finally {
            watches.remove(events);
        }
    }

    /** It says nothing until the end. */
    private void followLog(HttpExchange exchange, ObjectNode pod)
            throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            logs.incrementAndGet();
            end.await();
            String mark = pod.at("/metadata/annotations").path("gantry.dev/mark").textValue();
            String time = "2026-11-30T10:00:00Z ";
            out.write(
                    "%1$s%2$s<1\n%1$s%2$s?\n%1$s%2$s>%2$s.".formatted(time, mark).getBytes(UTF_8));
        }
    }
}
