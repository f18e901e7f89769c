package dev.gantry.orchestrator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.plan.ExpressionException;
import dev.gantry.orchestrator.mask.Mask;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must not be seen of what an attempt brings back: the texts of the secrets that it got, and
 * what its expressions made of them.
 */
final class HiddenTexts {
    private final Set<String> texts = new HashSet<>();
    private long room = Mask.MOST_CHARACTERS;

    interface Part {
        @Nullable JsonNode get() throws ExpressionException;
    }

    private HiddenTexts() {}

    /**
     * @param request as the adapter gets it
     * @param credentials as the adapter gets them
     */
    static Set<String> of(
            ExecutionState state,
            Frame frame,
            GivenSecrets given,
            JsonNode request,
            @Nullable JsonNode credentials) {
        if (given.values().isEmpty()) {
            return Set.of();
        }
        HiddenTexts hidden = new HiddenTexts();
        given.values().forEach(hidden::addValues);
        Secrets others = others(given);
        if (Requests.isSecret(frame.requireTask())) {
            hidden.addDerived(
                    request,
                    () -> Requests.plain(state, frame, others),
                    () -> Requests.masked(state, frame));
        }
        if (credentials != null) {
            JsonNode scheme =
                    JsonNodeFactory.instance.objectNode().set("scheme", credentials.get("scheme"));
            hidden.addDerived(
                    credentials, () -> Requests.credentials(state, frame, others), () -> scheme);
            hidden.addPair(credentials);
        }
        return hidden.texts;
    }

    /**
     * A token, and what the request has of it.
     *
     * @param other the request with another token
     * @param journaled what may be seen of it
     */
    static Set<String> of(String token, JsonNode request, Part other, Part journaled) {
        HiddenTexts hidden = new HiddenTexts();
        hidden.addValues(TextNode.valueOf(token));
        hidden.addDerived(request, other, journaled);
        return hidden.texts;
    }

    /** Where other texts come out with other secrets, they are made of secrets. */
    static Secrets others(GivenSecrets given) {
        return name -> disguised(given.get(name));
    }

    /** All of them: what is too much for a mask is not left out in silence. */
    private void addValues(JsonNode value) {
        if (value.isTextual()) {
            room -= value.textValue().length();
            texts.add(value.textValue());
        }
        value.forEach(this::addValues);
    }

    /**
     * @param journaled what may be seen of it
     */
    private void addDerived(JsonNode real, Part other, Part journaled) {
        try {
            addDifferent(real, other.get());
        } catch (ExpressionException e) {
            // Only real secrets fit, say as Base64 or JSON.
            addUnseen(real, journaled);
        }
    }

    private void addUnseen(JsonNode real, Part journaled) {
        try {
            addDifferent(real, journaled.get());
        } catch (ExpressionException e) {
            addDifferent(real, null);
        }
    }

    private void addDifferent(JsonNode real, @Nullable JsonNode other) {
        if (other != null && real.equals(other)) {
            return;
        }
        if (other != null && other.isObject() && real.size() == other.size()) {
            real.properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(name -> other.get(name) == null)
                    .forEach(this::add);
        }
        for (var field : real.properties()) {
            JsonNode otherField = other == null ? null : other.get(field.getKey());
            addDifferent(field.getValue(), otherField);
        }
        for (int i = 0; real.isArray() && i < real.size(); i++) {
            addDifferent(real.get(i), other == null ? null : other.get(i));
        }
        if (real.isTextual() || real.isNumber()) {
            add(real.asText());
        }
    }

    private void add(String derived) {
        if (derived.length() <= Mask.LONGEST_DERIVED
                && derived.length() <= room
                && texts.add(derived)) {
            room -= derived.length();
        }
    }

    /** A service that shows its request's headers shows them as they were sent. */
    private void addPair(JsonNode credentials) {
        if (credentials.has("username") && credentials.has("password")) {
            String pair =
                    credentials.get("username").asText()
                            + ":"
                            + credentials.get("password").asText();
            add(pair);
            add(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Of the same form, and another text. */
    static JsonNode disguised(JsonNode value) {
        if (value.isTextual()) {
            StringBuilder text = new StringBuilder();
            value.textValue().chars().forEach(c -> text.append((char) rotated(c)));
            return TextNode.valueOf(text.toString());
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(field -> object.set(field.getKey(), disguised(field.getValue())));
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> array.add(disguised(item)));
            return array;
        }
        return value;
    }

    private static int rotated(int c) {
        if (c >= '0' && c <= '9') {
            return '0' + (c - '0' + 1) % 10;
        }
        if (c >= 'a' && c <= 'z') {
            return 'a' + (c - 'a' + 13) % 26;
        }
        return c >= 'A' && c <= 'Z' ? 'A' + (c - 'A' + 13) % 26 : c;
    }
}
