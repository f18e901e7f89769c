package dev.gantry.orchestrator.runner.call;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.SchemaLoader;
import com.squareup.wire.schema.internal.SchemaEncoder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Service definitions in Protocol Buffers that were fetched lately. A file stands for itself: what
 * it imports must be the types that come with Protocol Buffers.
 */
final class Protos {
    private static final int MOST_BYTES = 1 << 20;
    private static final String FILE = "service.proto";

    /**
     * Loaded with the first file: Protocol Buffers take a while, and warn about Java's own plans.
     */
    private static final class WellKnown {
        static final Map<String, FileDescriptor> KNOWN =
                Stream.of(
                                AnyProto.getDescriptor(),
                                ApiProto.getDescriptor(),
                                DescriptorProtos.getDescriptor(),
                                DurationProto.getDescriptor(),
                                EmptyProto.getDescriptor(),
                                FieldMaskProto.getDescriptor(),
                                SourceContextProto.getDescriptor(),
                                StructProto.getDescriptor(),
                                TimestampProto.getDescriptor(),
                                TypeProto.getDescriptor(),
                                WrappersProto.getDescriptor())
                        .collect(Collectors.toMap(FileDescriptor::getName, Function.identity()));

        private WellKnown() {}
    }

    private final Recent<FileDescriptor> files = new Recent<>();

    /** Null if it is to be fetched. */
    @Nullable FileDescriptor get(String tenant, URI uri) {
        return files.get(tenant, uri);
    }

    /** Reads a {@code .proto} file, and keeps it for a while. */
    FileDescriptor put(String tenant, URI uri, byte[] body) throws CallFailed {
        if (body.length > MOST_BYTES) {
            throw CallFailed.invalid(
                    "the proto file has %d bytes, at most %d are read"
                            .formatted(body.length, MOST_BYTES));
        }
        return files.put(tenant, uri, link(parse(body)));
    }

    /** The parser reads from folders only. */
    private static FileDescriptorProto parse(byte[] body) throws CallFailed {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("gantry-proto");
            Files.write(folder.resolve(FILE), body);
            SchemaLoader loader = new SchemaLoader(FileSystems.getDefault());
            loader.initRoots(List.of(Location.get(folder.toString())), List.of());
            Schema schema = loader.loadSchema();
            ProtoFile file = Objects.requireNonNull(schema.protoFile(FILE));
            return FileDescriptorProto.parseFrom(
                    new SchemaEncoder(schema).encode(file).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw CallFailed.invalid("the proto file cannot be used: " + e.getMessage());
        } catch (IOException e) {
            throw CallFailed.unreachable("the proto file cannot be put aside: " + e.getMessage());
        } catch (RuntimeException e) {
            String[] lines = String.valueOf(e.getMessage()).strip().split("\n", 2);
            throw CallFailed.invalid("the proto file cannot be read: " + lines[0]);
        } finally {
            remove(folder);
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder != null) {
            try {
                Files.deleteIfExists(folder.resolve(FILE));
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                // A temporary file more; the system removes it.
            }
        }
    }

    private static FileDescriptor link(FileDescriptorProto file) throws CallFailed {
        List<FileDescriptor> imports = new ArrayList<>();
        for (String name : file.getDependencyList()) {
            FileDescriptor known = WellKnown.KNOWN.get(name);
            if (known == null) {
                throw CallFailed.invalid(
                        "the proto file imports '%s'; only google/protobuf/… can be imported"
                                .formatted(name));
            }
            imports.add(known);
        }
        try {
            return FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw CallFailed.invalid("the proto file cannot be used: " + e.getMessage());
        }
    }
}
