package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a script, or a function's block, and tells everything that is wrong with it. */
final class ScriptReader {
    private static final int DEEPEST = 50;

    private static final YAMLFactory YAML =
            YAMLFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    .build();

    private static final ObjectMapper MAPPER =
            Json.MAPPER
                    .copy()
                    .registerModule(new ScriptModule())
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private ScriptReader() {}

    /**
     * @param source for messages: the file's name
     * @throws ScriptException with everything that is wrong
     */
    static MockScript read(String source, String yaml) {
        List<Mistake> mistakes = new ArrayList<>();
        MockScript script = null;
        try (JsonParser parser = new JsonWords(YAML.createParser(yaml), mistakes)) {
            // A script of comments has no content at all.
            script =
                    parser.nextToken() == null
                            ? MockScript.builder().build()
                            : read(parser, MockScript.class, mistakes);
            if (parser.nextToken() != null) {
                mistakes.add(new Mistake(Place.of(parser), "one document expected"));
            }
        } catch (JsonProcessingException e) {
            mistakes.add(broken(e));
        } catch (IOException e) {
            throw new UncheckedIOException("a text can always be read", e);
        }
        if (script == null || !mistakes.isEmpty()) {
            throw new ScriptException(source, mistakes);
        }
        return script;
    }

    /**
     * Reads the block that a function's document has for the mock: a rule without {@code when}.
     *
     * @throws ScriptException with everything that is wrong
     */
    static Answer binding(Map<String, Object> block) {
        List<Mistake> mistakes = new ArrayList<>();
        Answer answer = binding(block, mistakes);
        if (answer == null || !mistakes.isEmpty()) {
            throw new ScriptException(LocalMock.KIND, mistakes);
        }
        return answer;
    }

    /** Everything that is wrong with a function's block. */
    static List<Mistake> mistakes(Map<String, Object> block) {
        List<Mistake> mistakes = new ArrayList<>();
        binding(block, mistakes);
        return mistakes;
    }

    private static @Nullable Answer binding(Map<String, Object> block, List<Mistake> mistakes) {
        try (JsonParser parser = MAPPER.treeAsTokens(Json.tree(block))) {
            parser.nextToken();
            return read(parser, Answer.class, mistakes);
        } catch (JsonProcessingException e) {
            mistakes.add(broken(e));
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("values in memory can always be read", e);
        }
    }

    private static <T> @Nullable T read(JsonParser parser, Class<T> type, List<Mistake> mistakes)
            throws IOException {
        return MAPPER.readerFor(type).withAttribute(Mistake.class, mistakes).readValue(parser);
    }

    private static Mistake broken(JsonProcessingException e) {
        String[] lines = String.valueOf(e.getOriginalMessage()).split("\n", 2);
        return new Mistake(
                e.getLocation() == null ? new Place(0, 0, "") : Place.of(e.getLocation()),
                "not YAML: " + lines[0]);
    }
}
