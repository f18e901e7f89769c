package dev.gantry.orchestrator.runner.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.orchestrator.runner.LateInput;
import dev.gantry.orchestrator.runner.SampleAttempts;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Failure.Progress;
import dev.gantry.spi.Outcome;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls of a real gRPC server, whose service is known from its proto file alone. */
class GrpcCallTest {
    private static final String PROTO =
            """
            syntax = "proto3";
            package shop.v1;
            import "google/protobuf/timestamp.proto";
            service Orders {
              rpc Place (Order) returns (Receipt);
              rpc Watch (Order) returns (stream Receipt);
              rpc Load (stream Order) returns (Receipt);
            }
            enum Kind { UNKNOWN = 0; GIFT = 1; }
            message Item { string sku = 1; int32 count = 2; }
            message Order {
              string id = 1;
              repeated Item items = 2;
              map<string, string> labels = 3;
              Kind kind = 4;
              int64 total = 5;
              google.protobuf.Timestamp at = 6;
              optional string note = 7;
              oneof pay { string card = 8; bool cash = 9; }
            }
            message Receipt { Order order = 1; int32 number = 2; }
            """;

    private final HttpBench bench = HttpBench.openToThisMachine();
    private final List<Metadata> headers = new CopyOnWriteArrayList<>();
    private LocalServer files;
    private Server service;

    @BeforeEach
    void start() throws Exception {
        files = new LocalServer();
        files.answer("/shop.proto", 200, Map.of("Content-Type", "text/plain"), PROTO);
        FileDescriptor file =
                new Protos()
                        .put(
                                "acme",
                                URI.create("http://x/"),
                                PROTO.getBytes(StandardCharsets.UTF_8));
        ServerServiceDefinition.Builder orders = ServerServiceDefinition.builder("shop.v1.Orders");
        MethodDescriptor place = file.findServiceByName("Orders").findMethodByName("Place");
        orders.addMethod(described(place), ServerCalls.asyncUnaryCall(this::place));
        MethodDescriptor watch = file.findServiceByName("Orders").findMethodByName("Watch");
        orders.addMethod(described(watch), ServerCalls.asyncServerStreamingCall(this::watch));
        service =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
                        .addService(ServerInterceptors.intercept(orders.build(), new Noting()))
                        .build()
                        .start();
    }

    @AfterEach
    void stop() {
        bench.close();
        files.close();
        service.shutdownNow();
    }

    private final class Noting implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata metadata, ServerCallHandler<A, B> next) {
            headers.add(metadata);
            return next.startCall(call, metadata);
        }
    }

    private static io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> described(
            MethodDescriptor method) {
        return io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(
                        method.isServerStreaming()
                                ? io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
                                : io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("shop.v1.Orders/" + method.getName())
                .setRequestMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(
                        ProtoUtils.marshaller(
                                DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
    }

    /** An id such as {@code fail-ABORTED} is answered with that status. */
    private void place(DynamicMessage order, StreamObserver<DynamicMessage> answer) {
        String id = String.valueOf(order.getField(field(order, "id")));
        if (id.startsWith("fail-")) {
            answer.onError(
                    Status.fromCode(Status.Code.valueOf(id.substring("fail-".length())))
                            .withDescription("secret details")
                            .asRuntimeException());
        } else if (!id.equals("silent")) {
            answer.onNext(receipt(order, 1));
            answer.onCompleted();
        }
    }

    private void watch(DynamicMessage order, StreamObserver<DynamicMessage> answer) {
        for (int i = 1; i <= 3; i++) {
            answer.onNext(receipt(order, i));
        }
        answer.onCompleted();
    }

    private static com.google.protobuf.Descriptors.FieldDescriptor field(
            DynamicMessage message, String name) {
        return message.getDescriptorForType().findFieldByName(name);
    }

    private static DynamicMessage receipt(DynamicMessage order, int number) {
        var type = order.getDescriptorForType().getFile().findMessageTypeByName("Receipt");
        return DynamicMessage.newBuilder(type)
                .setField(type.findFieldByName("order"), order)
                .setField(type.findFieldByName("number"), number)
                .build();
    }

    private String call(String method, String arguments, String more) {
        return """
        {"grpc": {"proto": "%s", "service": "shop.v1.Orders", "host": "127.0.0.1", "port": %d,
                  "method": "%s", "arguments": %s}%s}
        """
                .formatted(files.uri("/shop.proto"), service.getPort(), method, arguments, more);
    }

    @Test
    void sendsAndReadsEveryKindOfField() {
        JsonNode output =
                bench.output(
                        call(
                                "Place",
                                """
                                {"id": "o-1", "items": [{"sku": "a", "count": 2}], "labels": {"x": "y"},
                                 "kind": "GIFT", "total": "9007199254740993", "at": "2026-01-02T03:04:05Z",
                                 "note": "", "card": "4711"}
                                """,
                                ""));

        assertThat(output.path("number").asInt()).isEqualTo(1);
        assertThat(output.path("order").toString())
                .isEqualTo(
                        "{\"id\":\"o-1\",\"items\":[{\"sku\":\"a\",\"count\":2}],\"labels\":{\"x\":\"y\"},"
                                + "\"kind\":\"GIFT\",\"total\":\"9007199254740993\",\"at\":\"2026-01-02T03:04:05Z\","
                                + "\"note\":\"\",\"card\":\"4711\"}");
    }

    @Test
    void fetchesTheProtoFileOnce() {
        bench.output(call("Place", "{}", ""));
        bench.output(call("Place", "{}", ""));

        assertThat(files.requests).hasSize(1);
    }

    @Test
    void givesAStreamAsAList() {
        JsonNode output = bench.output(call("Watch", "{\"id\": \"o-2\"}", ""));

        assertThat(output.findValues("number")).map(JsonNode::asInt).containsExactly(1, 2, 3);
    }

    @Test
    void provesWhoCalls() {
        bench.output(
                call(
                        "Place",
                        "{}",
                        ", \"authentication\": {\"scheme\": \"bearer\", \"token\": \"abc\"}"));

        Metadata received = headers.getLast();
        assertThat(
                        received.get(
                                Metadata.Key.of(
                                        "x-correlation-id", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("order-7");
        assertThat(received.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("Bearer abc");
        assertThat(
                        received.get(
                                Metadata.Key.of(
                                        "idempotency-key", Metadata.ASCII_STRING_MARSHALLER)))
                .isNotBlank();
    }

    @Test
    void tellsTheServiceItsTokenInTheArguments() throws Exception {
        files.answer("/token", 200, Map.of(), "{\"access_token\": \"token-0123\"}");
        String authentication =
                ", \"authentication\": {\"scheme\": \"oauth2\", \"authority\": \"%s\", \"endpoints\": {\"token\": \"/token\"}, \"grant\": \"client_credentials\", \"client\": {\"id\": \"me\", \"secret\": \"s\"}}"
                        .formatted(files.uri(""));
        JsonNode whole =
                Json.read("{\"id\": \"told-token-0123\"}".getBytes(StandardCharsets.UTF_8));
        LateInput late =
                token -> {
                    assertThat(token).isEqualTo("token-0123");
                    ObjectNode request = request("Place");
                    ((ObjectNode) request.path("grpc")).set("arguments", whole);
                    return new LateInput.Made(request, Set.of("told-token-0123"));
                };

        Outcome outcome =
                LateInput.during(
                                late,
                                () ->
                                        bench.begin(
                                                SampleAttempts.of(
                                                        call("Place", "\"***\"", authentication))))
                        .join();

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(
                        headers.getLast()
                                .get(
                                        Metadata.Key.of(
                                                "authorization", Metadata.ASCII_STRING_MARSHALLER)))
                .isEqualTo("Bearer token-0123");
        assertThat(new String(((Outcome.Succeeded) outcome).output(), StandardCharsets.UTF_8))
                .contains("\"id\":\"***\"");
    }

    private ObjectNode request(String method) {
        try {
            return (ObjectNode) Json.read(call(method, "{}", "").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, GRPC_INVALID_ARGUMENT, false, ENDED",
        "NOT_FOUND, GRPC_NOT_FOUND, false, ENDED",
        "UNAUTHENTICATED, GRPC_UNAUTHENTICATED, false, ENDED",
        "PERMISSION_DENIED, GRPC_PERMISSION_DENIED, false, ENDED",
        "RESOURCE_EXHAUSTED, GRPC_RESOURCE_EXHAUSTED, true, ENDED",
        "ABORTED, GRPC_ABORTED, true, ENDED",
        "INTERNAL, GRPC_INTERNAL, false, ENDED",
        "UNAVAILABLE, LOST, true, MAY_HAVE_COMMITTED",
        "DEADLINE_EXCEEDED, TIMEOUT, true, MAY_HAVE_COMMITTED"
    })
    void saysWhatAStatusMeans(String status, String code, boolean retryable, Progress progress) {
        Failure failure = bench.failure(call("Place", "{\"id\": \"fail-" + status + "\"}", ""));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.retryable()).isEqualTo(retryable);
        assertThat(failure.progress()).isEqualTo(progress);
        assertThat(failure.message()).doesNotContain("secret");
    }

    @Test
    void givesUpAtTheTimeout() {
        Failure failure =
                HttpBench.failure(
                        bench.call(
                                call("Place", "{\"id\": \"silent\"}", ""),
                                HttpBench.within(Duration.ofMillis(500))));

        assertThat(failure.code()).isEqualTo(Failure.Code.TIMEOUT);
        assertThat(failure.progress()).isEqualTo(Progress.MAY_HAVE_COMMITTED);
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() {
        Failure failure =
                HttpBench.failure(
                        bench.call(
                                call("Place", "{\"id\": \"" + "x".repeat(2_000) + "\"}", ""),
                                HttpBench.outputOf(1_000)));

        assertThat(failure.code()).isEqualTo(Failure.Code.OUTPUT_TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "~",
            value = {
                "Plce ~ {} ~ has no method 'Plce'; it has Place, Watch, Load",
                "Load ~ {} ~ takes a stream",
                "Place ~ {\"idd\": \"x\"} ~ Cannot find field: idd",
                "Place ~ {\"total\": \"many\"} ~ do not fit message shop.v1.Order"
            })
    void refusesWhatTheFileDoesNotHave(String method, String arguments, String message) {
        Failure failure = bench.failure(call(method, arguments, ""));

        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID_WORKLOAD);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
        assertThat(failure.message()).contains(message);
        assertThat(headers).isEmpty();
    }

    @Test
    void refusesAFileThatCannotBeRead() {
        files.answer("/broken.proto", 200, Map.of("Content-Type", "text/plain"), "message {");

        assertThat(bench.failure(broken()).message()).contains("the proto file cannot be read");
    }

    @Test
    void refusesImportsOfOtherFiles() {
        files.answer(
                "/broken.proto",
                200,
                Map.of("Content-Type", "text/plain"),
                "syntax = \"proto3\";\nimport \"other.proto\";\nmessage A { int32 n = 1; }\n");

        assertThat(bench.failure(broken()).message()).contains("other.proto");
    }

    private String broken() {
        return call("Place", "{}", "").replace("shop.proto", "broken.proto");
    }

    @Test
    void saysThatNothingWasSentWhereNobodyListens() throws IOException {
        String request = call("Place", "{}", "");
        service.shutdownNow();

        Failure failure = bench.failure(request);

        assertThat(failure.code()).isEqualTo(Failure.Code.BACKEND_UNAVAILABLE);
        assertThat(failure.progress()).isEqualTo(Progress.NEVER_STARTED);
    }

    @Test
    void isHeldToTheEgressPolicy() {
        try (HttpBench closed = new HttpBench(List.of(), null)) {
            Failure failure = closed.failure(call("Place", "{}", ""));

            assertThat(failure.code()).isEqualTo(CallFailed.EGRESS_REFUSED);
            assertThat(headers).isEmpty();
        }
    }
}
