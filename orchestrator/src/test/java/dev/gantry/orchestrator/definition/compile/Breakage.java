package dev.gantry.orchestrator.definition.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.orchestrator.definition.document.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ways to break a valid document in one place. */
enum Breakage {
    MISSPELT_KEY,
    WRONG_TYPE,
    MISSING,
    DUPLICATE_KEY,
    DUPLICATE_TASK,
    UNKNOWN_TARGET,
    BROKEN_EXPRESSION,
    UNKNOWN_FUNCTION,
    BAD_DURATION,
    BAD_VERSION,
    WRONG_WORD,
    EXTRA_KEY,
    NULL;

    /**
     * @param pointer where the defect is to be reported
     * @param twice properties to write two times
     */
    record Broken(ObjectNode document, String pointer, Set<String> twice) {}

    /** A value, below its parent. */
    private record Spot(JsonNode parent, String key, String pointer, JsonNode value) {
        String parentPointer() {
            return pointer.substring(0, pointer.lastIndexOf('/'));
        }
    }

    /** Anything goes below these. */
    private static final Pattern FREE =
            Pattern.compile(
                    ".*/(set|body|headers|query|environment|arguments|from|as|stdin|tags|lambda|docker|local-mock)/.*"
                            + "|.*/schema/document(/.*)?|.*/metadata/(?!gantry)[^/]*(/.*)?"
                            + "|.*/(constant|linear|exponential)/.*"
                            + "|.*/with/.*|.*/workflow/input(/.*)?|.*/in/.*");

    private static final Pattern HTTP_WITH =
            Pattern.compile(
                    ".*/with/(method|endpoint|endpoint/uri|headers|body|query|output|redirect)");

    private static final Pattern ERRORS_WITH = Pattern.compile(".*/errors/with/[a-z]+");

    /** Names that the author chooses. */
    private static final Pattern NAME =
            Pattern.compile(
                    "/use/\\w+/[^/]+|.*/(do|try|branches|switch|extensions|before|after|compensate)/\\d+/[^/]+|/runtime/[a-z-]+");

    private static final Pattern REQUIRED =
            Pattern.compile(
                    "/document(/(dsl|namespace|name|version))?|/do|/namespace|/version|/runtime|/runtime/class"
                            + "|/tags|/decision/\\w+|/runtime/source/(language|image|code)"
                            + "|.*/for/in|.*/branches|.*/catch|.*/error(/(type|status))?|.*/timeout/after"
                            + "|.*/container/image|.*/shell/command|.*/script/(language|code)"
                            + "|.*/workflow/(name|namespace)|.*/endpoint/uri|.*/switch/\\d+/\\w+/then");

    private static final Pattern EXPRESSION =
            Pattern.compile(
                    ".*/(if|when|exceptWhen|while)|.*/for/in|.*/(input/from|output/as|export/as)");

    private static final Pattern DURATION =
            Pattern.compile(
                    ".*/(wait|after|delay|limit/duration|jitter/from|jitter/to)|/limits/timeout|/decision/(coldStart|duration)");

    private static final Pattern WORD =
            Pattern.compile(
                    ".*/(return|pullPolicy|cleanup)|.*/with/(output|method)|.*/script/language|/runtime/class"
                            + "|.*/gantry/runtime/class|/runtime/source/language|/fallback/\\d+|/evaluate/(mode|language)");

    private static final Pattern NUMBERS_ONLY =
            Pattern.compile("/decision/(ephemeralStorage|concurrency|checkpoint|burstCost)");

    @Nullable Broken in(ObjectNode document, Random random) {
        ObjectNode copy = document.deepCopy();
        List<Spot> fitting = new ArrayList<>();
        spots(copy, "", fitting);
        fitting.removeIf(spot -> !fits(spot));
        if (fitting.isEmpty()) {
            return null;
        }
        return apply(copy, fitting.get(random.nextInt(fitting.size())), random);
    }

    private static void spots(JsonNode node, String pointer, List<Spot> into) {
        node.properties()
                .forEach(property -> {
                    String at = pointer + "/" + Source.escape(property.getKey());
                    into.add(new Spot(node, property.getKey(), at, property.getValue()));
                    spots(property.getValue(), at, into);
                });
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                String at = pointer + "/" + i;
                into.add(new Spot(node, Integer.toString(i), at, node.get(i)));
                spots(node.get(i), at, into);
            }
        }
    }

    private static boolean isClosed(Spot spot) {
        boolean httpWith =
                HTTP_WITH.matcher(spot.pointer()).matches()
                        && spot.pointer().contains("/with/")
                        && spot.parent().has("endpoint");
        boolean uri = spot.pointer().endsWith("/with/endpoint/uri");
        return httpWith
                || uri
                || ERRORS_WITH.matcher(spot.pointer()).matches()
                || !FREE.matcher(spot.pointer()).matches();
    }

    private boolean fits(Spot spot) {
        String at = spot.pointer();
        boolean key = spot.parent().isObject();
        boolean closed = isClosed(spot);
        boolean named = NAME.matcher(at).matches();
        boolean own = at.endsWith("/runtime/class") || !at.startsWith("/runtime/") || !named;
        return switch (this) {
            case DUPLICATE_KEY -> key;
            case MISSPELT_KEY ->
                    key && closed && (!named || at.matches("/runtime/(class|source|adapters)"));
            case WRONG_TYPE, NULL ->
                    closed
                            && own
                            && !NUMBERS_ONLY.matcher(at).matches()
                            && !at.endsWith("/with/body")
                            && !at.endsWith("/stdin")
                            && !at.matches(".*/backoff/\\w+");
            case MISSING -> key && closed && REQUIRED.matcher(at).matches();
            case DUPLICATE_TASK -> !key && at.matches(".*/(do|try|branches)/\\d+") && closed;
            case UNKNOWN_TARGET -> closed && at.matches(".*/(do|try)/\\d+/[^/]+");
            case BROKEN_EXPRESSION ->
                    spot.value().isTextual()
                            && (EXPRESSION.matcher(at).matches()
                                    || spot.value().textValue().startsWith("${"))
                            && !at.contains("/schema/")
                            && !at.startsWith("/runtime/")
                            && !at.matches(".*/metadata/(?!gantry).*");
            case UNKNOWN_FUNCTION ->
                    closed && at.endsWith("/call") && !spot.value().textValue().equals("http");
            case BAD_DURATION -> closed && DURATION.matcher(at).matches();
            case BAD_VERSION -> at.equals("/version") || at.equals("/document/version");
            case WRONG_WORD -> closed && WORD.matcher(at).matches();
            case EXTRA_KEY ->
                    spot.value().isObject()
                            && closed
                            && (!named || !at.startsWith("/runtime/"))
                            && !at.matches(".*/(set|headers|query|environment|body|from|as)")
                            && !at.matches(
                                    "/use/\\w+|/document/tags|/tags|/runtime|.*/metadata|.*/\\d+")
                            && !at.matches(".*/(constant|linear|exponential)")
                            && (!at.endsWith("/with")
                                    || spot.value().has("endpoint")
                                    || at.endsWith("/errors/with"));
        };
    }

    private Broken apply(ObjectNode document, Spot spot, Random random) {
        String at = spot.pointer();
        return switch (this) {
            case MISSPELT_KEY -> {
                int place = random.nextInt(spot.key().length());
                String typo = spot.key().substring(0, place) + "q" + spot.key().substring(place);
                rename((ObjectNode) spot.parent(), spot.key(), typo);
                yield new Broken(document, spot.parentPointer() + "/" + typo, Set.of());
            }
            case WRONG_TYPE -> put(document, spot, other(spot, random));
            case NULL -> put(document, spot, NullNode.getInstance());
            case MISSING -> {
                ((ObjectNode) spot.parent()).remove(spot.key());
                yield new Broken(document, spot.parentPointer(), Set.of());
            }
            case DUPLICATE_KEY -> new Broken(document, at, Set.of(at));
            case DUPLICATE_TASK -> {
                ArrayNode list = (ArrayNode) spot.parent();
                String name = spot.value().fieldNames().next();
                list.addObject().putObject(name).putObject("set").put("x", 1);
                yield new Broken(
                        document,
                        spot.parentPointer() + "/" + (list.size() - 1) + "/" + Source.escape(name),
                        Set.of());
            }
            case UNKNOWN_TARGET -> {
                ((ObjectNode) spot.value()).put("then", "nowhere");
                yield new Broken(document, at + "/then", Set.of());
            }
            case BROKEN_EXPRESSION ->
                    put(
                            document,
                            spot,
                            TextNode.valueOf(
                                    random.nextBoolean() ? "${ .a + }" : "${ .a | selct(.b) }"));
            case UNKNOWN_FUNCTION -> put(document, spot, TextNode.valueOf("missing:9.9.9@default"));
            case BAD_DURATION ->
                    put(document, spot, TextNode.valueOf(random.nextBoolean() ? "forever" : "P1Y"));
            case BAD_VERSION -> put(document, spot, TextNode.valueOf("1.0"));
            case WRONG_WORD -> put(document, spot, TextNode.valueOf("nonsense"));
            case EXTRA_KEY -> {
                ((ObjectNode) spot.value()).put("surplus", 1);
                yield new Broken(document, at + "/surplus", Set.of());
            }
        };
    }

    /** A value that is right nowhere that this one's kind is. */
    private static JsonNode other(Spot spot, Random random) {
        if (spot.value().isArray() || spot.pointer().endsWith("/in")) {
            return BooleanNode.FALSE;
        }
        if (spot.value().isBoolean()) {
            return TextNode.valueOf("yes");
        }
        ArrayNode nested = JsonNodeFactory.instance.arrayNode();
        nested.addArray().add(true);
        return random.nextBoolean() && !spot.pointer().endsWith("/arguments")
                ? BooleanNode.TRUE
                : nested;
    }

    private static Broken put(ObjectNode document, Spot spot, JsonNode value) {
        if (spot.parent() instanceof ObjectNode object) {
            object.set(spot.key(), value);
        } else {
            ((ArrayNode) spot.parent()).set(Integer.parseInt(spot.key()), value);
        }
        return new Broken(document, spot.pointer(), Set.of());
    }

    /** In its place among the others. */
    private static void rename(ObjectNode object, String key, String other) {
        ObjectNode renamed = JsonNodeFactory.instance.objectNode();
        object.properties()
                .forEach(p ->
                        renamed.set(p.getKey().equals(key) ? other : p.getKey(), p.getValue()));
        object.removeAll();
        object.setAll(renamed);
    }
}
