package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * YAML whose words mean what they mean in JSON: {@code on}, {@code 010} and {@code 0x1F} are texts.
 * Aliases are refused: Jackson takes them for texts.
 */
final class JsonWords extends JsonParserDelegate {
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,17})");
    private static final Pattern FRACTION = Pattern.compile("-?\\d+(\\.\\d*)?([eE][-+]?\\d+)?");

    private final YAMLParser yaml;
    private final List<Mistake> mistakes;
    private @Nullable JsonToken token;

    JsonWords(YAMLParser yaml, List<Mistake> mistakes) {
        super(yaml);
        this.yaml = yaml;
        this.mistakes = mistakes;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken next = yaml.nextToken();
        if (next != null && yaml.isCurrentAlias()) {
            mistakes.add(
                    new Mistake(
                            Place.of(yaml),
                            "the alias '*%s' is not read; write out what it stands for"
                                    .formatted(yaml.getText())));
        }
        token = next == null || isJson(next) ? next : JsonToken.VALUE_STRING;
        return token;
    }

    private boolean isJson(JsonToken next) throws IOException {
        return switch (next) {
            case VALUE_TRUE -> yaml.getText().equals("true");
            case VALUE_FALSE -> yaml.getText().equals("false");
            case VALUE_NUMBER_INT -> INTEGER.matcher(yaml.getText()).matches();
            case VALUE_NUMBER_FLOAT -> FRACTION.matcher(yaml.getText()).matches();
            default -> true;
        };
    }

    @Override
    public @Nullable JsonToken currentToken() {
        return token;
    }

    @Override
    public int currentTokenId() {
        return token == null ? JsonTokenId.ID_NO_TOKEN : token.id();
    }

    @Override
    public boolean hasToken(JsonToken other) {
        return token == other;
    }

    @Override
    public boolean hasTokenId(int id) {
        return currentTokenId() == id;
    }

    @Override
    public JsonParser skipChildren() throws IOException {
        yaml.skipChildren();
        token = yaml.currentToken();
        return this;
    }
}
