package dev.gantry.orchestrator.mask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Texts with three stars in place of each secret; one after the other, by one thread. */
final class MaskedText {
    private final int longest;
    private final Scan plain;
    private final Scan wrapped;
    private final Coverage covered = new Coverage();

    MaskedText(Patterns plain, Patterns wrapped) {
        this.longest = Math.max(plain.longest(), wrapped.longest());
        this.plain = new Scan(plain, false);
        this.wrapped = new Scan(wrapped, true);
    }

    private void scan(byte[] bytes) {
        covered.clear();
        plain.begin(0);
        wrapped.begin(0);
        for (byte b : bytes) {
            plain.step(b, covered);
            wrapped.step(b, covered);
        }
    }

    boolean isIn(byte[] bytes) {
        scan(bytes);
        return !covered.isEmpty();
    }

    byte[] of(byte[] bytes) {
        scan(bytes);
        return covered.isEmpty() ? bytes : shown(bytes);
    }

    String of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        scan(bytes);
        return covered.isEmpty() ? text : new String(shown(bytes), StandardCharsets.UTF_8);
    }

    /** Of what is cut off at its end: that may be within a secret. */
    String ofHead(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        scan(bytes);
        long settled = Math.min(plain.settled(), wrapped.settled());
        if (settled < bytes.length) {
            covered.add(settled, bytes.length - 1L);
        }
        return covered.isEmpty() ? text : new String(shown(bytes), StandardCharsets.UTF_8);
    }

    /** Of what is cut off at its beginning: that may be within a secret. */
    String ofTail(String text) {
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        int from = Math.min(all.length, longest);
        while (from < all.length && (all[from] & 0xc0) == 0x80) {
            from++;
        }
        scan(all);
        Coverage rest = new Coverage();
        rest.add(0, from - 1L);
        for (int part = 0; part < covered.size(); part++) {
            if (covered.to(part) >= from) {
                rest.add(covered.from(part), covered.to(part));
            }
        }
        return new String(shown(all, rest), StandardCharsets.UTF_8);
    }

    private byte[] shown(byte[] bytes) {
        return shown(bytes, covered);
    }

    private static byte[] shown(byte[] bytes, Coverage hidden) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream(bytes.length + 16);
        byte[] stars = Mask.STARS.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        for (int part = 0; part < hidden.size(); part++) {
            int from = (int) hidden.from(part);
            shown.write(bytes, at, from - at);
            shown.writeBytes(stars);
            at = (int) hidden.to(part) + 1;
        }
        shown.write(bytes, at, bytes.length - at);
        return shown.toByteArray();
    }

    JsonNode of(JsonNode value) {
        if (value.isTextual()) {
            String text = value.textValue();
            String masked = of(text);
            return masked.equals(text) ? value : TextNode.valueOf(masked);
        }
        if (value.isNumber()) {
            return isIn(value.asText().getBytes(StandardCharsets.US_ASCII))
                    ? TextNode.valueOf(Mask.STARS)
                    : value;
        }
        if (value.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(field ->
                            object.set(name(of(field.getKey()), object), of(field.getValue())));
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> array.add(of(item)));
            return array;
        }
        return value;
    }

    /** Two secrets as names stay two fields. */
    private static String name(String masked, ObjectNode object) {
        String name = masked;
        for (int n = 2; object.has(name); n++) {
            name = masked + n;
        }
        return name;
    }
}
