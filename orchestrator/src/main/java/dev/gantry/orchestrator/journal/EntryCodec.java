package dev.gantry.orchestrator.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.ExecutionState;
import dev.gantry.orchestrator.engine.Message;
import dev.gantry.orchestrator.engine.StateImage;
import dev.gantry.orchestrator.engine.StepResult;
import dev.gantry.orchestrator.id.Json;
import dev.gantry.spi.Failure;
import dev.gantry.spi.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Journal entries as bytes: JSON, with values of more than {@value #INLINE_BYTES} bytes moved out
 * to blobs, so that an entry stays small however large a payload is.
 */
final class EntryCodec {
    /** Larger values go by reference. */
    static final int INLINE_BYTES = 32_768;

    private static final String BLOB = "$blob";

    private final ObjectMapper plain;
    private final ObjectWriter eventWriter;
    private final ObjectReader eventReader;
    private final ObjectWriter imageWriter;
    private final ObjectReader imageReader;
    private final ObjectWriter messageWriter;
    private final ObjectReader messageReader;
    private final ObjectWriter asideWriter;
    private final ObjectReader asideReader;
    private final ObjectWriter tasksWriter;
    private final ObjectReader tasksReader;

    EntryCodec() {
        // Values are read from the middle of an entry: what follows them is the entry's own.
        plain = Json.MAPPER.copy().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        SimpleModule module = new SimpleModule("gantry-journal");
        module.addSerializer(JsonNode.class, new ValueSerializer());
        module.addDeserializer(JsonNode.class, new ValueDeserializer());
        module.addSerializer(Instant.class, new InstantSerializer());
        module.addDeserializer(Instant.class, new InstantDeserializer());
        ObjectMapper mapper =
                JsonMapper.builder()
                        .addModule(module)
                        .addMixIn(Failure.class, StoredFailure.Fields.class)
                        .addMixIn(Outcome.Usage.class, StepResult.UsageFields.class)
                        .build();
        registerSealed(mapper, Event.class);
        registerSealed(mapper, StepResult.class);
        registerSealed(mapper, Message.class);
        registerSealed(mapper, dev.gantry.orchestrator.engine.Ending.class);
        // Before any reader or writer is made: they keep the subtypes that were known then.
        StateImage.workTypes().forEach(mapper::registerSubtypes);
        eventWriter =
                mapper.writerFor(
                        mapper.getTypeFactory().constructCollectionType(List.class, Event.class));
        eventReader =
                mapper.readerFor(
                        mapper.getTypeFactory().constructCollectionType(List.class, Event.class));
        imageWriter = mapper.writerFor(StateImage.class);
        imageReader = mapper.readerFor(StateImage.class);
        messageWriter = mapper.writerFor(Message.class);
        messageReader = mapper.readerFor(Message.class);
        asideWriter = mapper.writerFor(Aside.class);
        asideReader = mapper.readerFor(Aside.class);
        JavaType tasks =
                mapper.getTypeFactory()
                        .constructCollectionType(List.class, ExecutionState.CurrentTask.class);
        tasksWriter = mapper.writerFor(tasks);
        tasksReader = mapper.readerFor(tasks);
    }

    private static void registerSealed(ObjectMapper mapper, Class<?> type) {
        mapper.registerSubtypes(type.getPermittedSubclasses());
    }

    /** Takes the large values of what is being written. */
    interface BlobSink {
        void put(byte[] digest, byte[] json);
    }

    /** Gives them back. */
    interface BlobSource {
        byte[] get(byte[] digest);
    }

    byte[] write(List<Event> events, BlobSink blobs) {
        return write(eventWriter, events, blobs);
    }

    List<Event> readEvents(byte[] bytes, BlobSource blobs) {
        try {
            return eventReader.withAttribute(BlobSource.class, blobs).readValue(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a journal entry cannot be read", e);
        }
    }

    byte[] write(Aside aside, BlobSink blobs) {
        return write(asideWriter, aside, blobs);
    }

    Aside readAside(byte[] bytes, BlobSource blobs) {
        return read(asideReader, Aside.class, bytes, blobs, "what stands beside a journal entry");
    }

    byte[] write(StateImage image, BlobSink blobs) {
        return write(imageWriter, image, blobs);
    }

    StateImage readImage(byte[] bytes, BlobSource blobs) {
        return read(imageReader, StateImage.class, bytes, blobs, "a snapshot");
    }

    byte[] writeTasks(List<ExecutionState.CurrentTask> tasks) {
        try {
            return tasksWriter.writeValueAsBytes(tasks);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("tasks cannot be written", e);
        }
    }

    List<ExecutionState.CurrentTask> readTasks(byte[] bytes) {
        try {
            return tasksReader.readValue(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("tasks cannot be read", e);
        }
    }

    private static <T> T read(
            ObjectReader reader, Class<T> kind, byte[] bytes, BlobSource blobs, String what) {
        try {
            return reader.withAttribute(BlobSource.class, blobs).readValue(bytes, kind);
        } catch (IOException e) {
            throw new UncheckedIOException(what + " cannot be read", e);
        }
    }

    /** Whole: a message between two nodes is gone as soon as it is taken. */
    byte[] write(Message message) {
        try {
            return messageWriter.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a message cannot be written", e);
        }
    }

    Message readMessage(byte[] bytes) {
        try {
            return messageReader.readValue(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a message cannot be read", e);
        }
    }

    private static byte[] write(ObjectWriter writer, Object value, BlobSink blobs) {
        try {
            return writer.withAttribute(BlobSink.class, blobs).writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("an event cannot be written", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether the value's text is longer than what stays inline; looks no further than needed. */
    private static int weigh(JsonNode value, int budget) {
        int left = budget - 4;
        if (value.isTextual()) {
            return left - value.textValue().length();
        }
        if (value.isBigDecimal() || value.isBigInteger()) {
            return left - value.decimalValue().precision();
        }
        if (value.isObject()) {
            var fields = value.properties().iterator();
            while (left > 0 && fields.hasNext()) {
                var field = fields.next();
                left = weigh(field.getValue(), left - field.getKey().length());
            }
        } else if (value.isArray()) {
            for (int i = 0; left > 0 && i < value.size(); i++) {
                left = weigh(value.get(i), left);
            }
        }
        return left;
    }

    private final class ValueSerializer extends StdSerializer<JsonNode> {
        private static final long serialVersionUID = 1L;

        ValueSerializer() {
            super(JsonNode.class);
        }

        @Override
        public void serialize(JsonNode value, JsonGenerator out, SerializerProvider context)
                throws IOException {
            BlobSink blobs = (BlobSink) context.getAttribute(BlobSink.class);
            if (blobs != null && weigh(value, INLINE_BYTES) <= 0) {
                byte[] json = plain.writeValueAsBytes(value);
                byte[] digest = sha256(json);
                blobs.put(digest, json);
                out.writeStartObject();
                out.writeStringField(BLOB, Base64.getEncoder().encodeToString(digest));
                out.writeEndObject();
            } else if (value.has(BLOB)) {
                // Data that looks like a reference is wrapped, so that it is not taken for one.
                out.writeStartObject();
                out.writeNullField(BLOB);
                out.writeFieldName("value");
                plain.writeTree(out, value);
                out.writeEndObject();
            } else {
                plain.writeTree(out, value);
            }
        }

        @Override
        public void serializeWithType(
                JsonNode value, JsonGenerator out, SerializerProvider context, TypeSerializer type)
                throws IOException {
            serialize(value, out, context);
        }
    }

    private final class ValueDeserializer extends StdDeserializer<JsonNode> {
        private static final long serialVersionUID = 1L;

        ValueDeserializer() {
            super(JsonNode.class);
        }

        @Override
        public JsonNode deserialize(JsonParser in, DeserializationContext context)
                throws IOException {
            JsonNode value = plain.readTree(in);
            JsonNode reference = value.get(BLOB);
            if (reference == null) {
                return value;
            }
            if (reference.isNull()) {
                return value.get("value");
            }
            BlobSource blobs = (BlobSource) context.getAttribute(BlobSource.class);
            return plain.readTree(blobs.get(Base64.getDecoder().decode(reference.textValue())));
        }

        /** A field that is left out is no value at all; one that says null is JSON's null. */
        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }

        @Override
        public JsonNode getNullValue(DeserializationContext context) {
            return JsonNodeFactory.instance.nullNode();
        }
    }

    private static final class InstantSerializer extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantSerializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider context)
                throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class InstantDeserializer extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantDeserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context)
                throws IOException {
            return Instant.parse(in.getText());
        }
    }
}
