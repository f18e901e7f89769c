package dev.gantry.orchestrator.runner.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.gantry.orchestrator.runner.egress.Destination;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One gRPC call, with messages made from JSON as Protocol Buffers have it. A stream of answers is a
 * list. Source: the ProtoJSON format; gRPC's status codes.
 */
final class GrpcCall {
    private static final int MOST_ANSWERS = 10_000;

    /** One channel for one call: it is pinned to an address that was checked for this call. */
    private final Destination to;

    private final List<InetAddress> addresses;
    private final MethodDescriptor method;
    private final DynamicMessage request;
    private final Map<String, String> headers;
    private final long maxBytes;

    GrpcCall(
            Destination to,
            List<InetAddress> addresses,
            MethodDescriptor method,
            DynamicMessage request,
            Map<String, String> headers,
            long maxBytes) {
        this.to = to;
        this.addresses = addresses;
        this.method = method;
        this.request = request;
        this.headers = headers;
        this.maxBytes = maxBytes;
    }

    static MethodDescriptor method(FileDescriptor file, String serviceName, String methodName)
            throws CallFailed {
        ServiceDescriptor service =
                file.getServices().stream()
                        .filter(one ->
                                one.getFullName().equals(serviceName)
                                        || one.getName().equals(serviceName))
                        .findFirst()
                        .orElse(null);
        if (service == null) {
            throw CallFailed.invalid(
                    "the proto file has no service '%s'; it has %s"
                            .formatted(
                                    serviceName,
                                    file.getServices().stream()
                                            .map(ServiceDescriptor::getFullName)
                                            .collect(Collectors.joining(", "))));
        }
        MethodDescriptor method = service.findMethodByName(methodName);
        if (method == null) {
            throw CallFailed.invalid(
                    "service '%s' has no method '%s'; it has %s"
                            .formatted(
                                    service.getFullName(),
                                    methodName,
                                    service.getMethods().stream()
                                            .map(MethodDescriptor::getName)
                                            .collect(Collectors.joining(", "))));
        }
        if (method.isClientStreaming()) {
            throw CallFailed.invalid(
                    "method '%s' takes a stream; a call gives one message".formatted(methodName));
        }
        return method;
    }

    static DynamicMessage message(MethodDescriptor method, JsonNode arguments) throws CallFailed {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(method.getInputType());
        if (CallReader.isAbsent(arguments)) {
            return builder.build();
        }
        try {
            JsonFormat.parser().merge(arguments.toString(), builder);
            return builder.build();
        } catch (InvalidProtocolBufferException e) {
            throw CallFailed.invalid(
                    "'arguments' do not fit message %s: %s"
                            .formatted(method.getInputType().getFullName(), e.getMessage()));
        }
    }

    /** The answer as JSON. */
    byte[] send(Deadline deadline) throws CallFailed, InterruptedException {
        CallFailed last = null;
        for (InetAddress address : addresses) {
            ManagedChannel channel = channel(address);
            try {
                return send(channel, deadline);
            } catch (StatusRuntimeException e) {
                if (!hasNotConnected(e)) {
                    throw failed(e);
                }
                last =
                        CallFailed.unreachable(
                                "%s:%d can not be reached".formatted(to.host(), to.port()));
            } finally {
                channel.shutdownNow();
            }
        }
        throw last == null ? CallFailed.unreachable(to.host() + " has no address") : last;
    }

    private ManagedChannel channel(InetAddress address) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(new InetSocketAddress(address, to.port()))
                        .overrideAuthority(to.host() + ":" + to.port())
                        .disableRetry()
                        .userAgent("Gantry")
                        .maxInboundMessageSize((int) Math.min(maxBytes, Integer.MAX_VALUE))
                        .maxInboundMetadataSize(32 << 10);
        return (to.secure() ? builder.useTransportSecurity() : builder.usePlaintext()).build();
    }

    private byte[] send(ManagedChannel channel, Deadline deadline)
            throws CallFailed, InterruptedException {
        Metadata metadata = new Metadata();
        headers.forEach((name, value) ->
                metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        var intercepted =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(
                        deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        var described =
                io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                        .setType(
                                method.isServerStreaming()
                                        ? io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
                                        : io.grpc.MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(
                                io.grpc.MethodDescriptor.generateFullMethodName(
                                        method.getService().getFullName(), method.getName()))
                        .setRequestMarshaller(
                                ProtoUtils.marshaller(
                                        DynamicMessage.getDefaultInstance(method.getInputType())))
                        .setResponseMarshaller(
                                ProtoUtils.marshaller(
                                        DynamicMessage.getDefaultInstance(method.getOutputType())))
                        .build();
        if (!method.isServerStreaming()) {
            return json(ClientCalls.blockingUnaryCall(intercepted, described, options, request))
                    .getBytes(StandardCharsets.UTF_8);
        }
        Iterator<DynamicMessage> answers =
                ClientCalls.blockingServerStreamingCall(intercepted, described, options, request);
        StringBuilder all = new StringBuilder("[");
        int count = 0;
        while (answers.hasNext()) {
            all.append(count == 0 ? "" : ",").append(json(answers.next()));
            if (++count > MOST_ANSWERS || all.length() > maxBytes) {
                throw CallFailed.tooLarge(to.host(), maxBytes);
            }
        }
        return all.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String json(DynamicMessage message) throws CallFailed {
        try {
            return JsonFormat.printer()
                    .alwaysPrintFieldsWithNoPresence()
                    .omittingInsignificantWhitespace()
                    .print(message);
        } catch (InvalidProtocolBufferException e) {
            throw CallFailed.unreadable("the answer cannot be written as JSON: " + e.getMessage());
        }
    }

    private static boolean hasNotConnected(StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
            return false;
        }
        for (Throwable cause = e.getStatus().getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }

    private CallFailed failed(StatusRuntimeException e) throws InterruptedException {
        Status status = e.getStatus();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        String description = status.getDescription() == null ? "" : status.getDescription();
        String said = "%s answered %s".formatted(to.host(), status.getCode());
        return switch (status.getCode()) {
            case DEADLINE_EXCEEDED ->
                    CallFailed.timeout(
                            "%s did not answer before the step's timeout".formatted(to.host()),
                            true);
            case UNAVAILABLE -> CallFailed.unanswered(said);
            case RESOURCE_EXHAUSTED ->
                    description.contains("exceeds maximum size")
                            ? CallFailed.tooLarge(to.host(), maxBytes)
                            : CallFailed.grpc(status.getCode().name(), said, true);
            case ABORTED -> CallFailed.grpc(status.getCode().name(), said, true);
            default -> CallFailed.grpc(status.getCode().name(), said, false);
        };
    }
}
