package dev.gantry.orchestrator.definition.document;

import dev.gantry.orchestrator.definition.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads JSON and YAML, with the place of every key and value. */
public final class SourceReader {
    static final Problem EMPTY =
            new Problem(
                    "empty", "", 1, 1, "the document is empty", "a workflow or a function", null);

    private SourceReader() {}

    public static Source read(byte[] bytes) {
        if (bytes.length > Source.MAX_BYTES) {
            return Source.unreadable(
                    new Problem(
                            "document-too-large",
                            "",
                            0,
                            0,
                            "the document has %d bytes".formatted(bytes.length),
                            "at most %d bytes".formatted(Source.MAX_BYTES),
                            "move large values out of the document"));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return Source.unreadable(
                    new Problem(
                            "not-utf8", "", 0, 0, "the document is not UTF-8 text", "UTF-8", null));
        }
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        Source json = plain.stripLeading().startsWith("{") ? JsonSourceReader.read(plain) : null;
        // What is not quite JSON is read as the part of YAML that it is.
        return json != null ? json : YamlSourceReader.read(plain);
    }
}
