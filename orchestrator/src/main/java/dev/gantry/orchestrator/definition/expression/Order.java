package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** jq's order of all values: null, false, true, numbers, texts, arrays, objects. */
final class Order {
    /** Fit for sorting; what is no number is the least number, and equal to itself. */
    static final Comparator<JsonNode> SORTING = (a, b) -> compare(a, b, 0);

    private Order() {}

    /** As operators see it: what is no number is less than every number, itself included. */
    static int compare(JsonNode a, JsonNode b) {
        return compare(a, b, -1);
    }

    static boolean equal(JsonNode a, JsonNode b) {
        return compare(a, b, -1) == 0;
    }

    private static int compare(JsonNode a, JsonNode b, int ofNoNumbers) {
        int rank = rank(a);
        if (rank != rank(b)) {
            return Integer.compare(rank, rank(b));
        }
        return switch (rank) {
            case 3 -> numbers(a, b, ofNoNumbers);
            case 4 -> texts(a.textValue(), b.textValue());
            case 5 -> arrays(a, b, ofNoNumbers);
            case 6 -> objects(a, b, ofNoNumbers);
            default -> 0;
        };
    }

    private static int rank(JsonNode value) {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue() ? 2 : 1;
            case NUMBER -> 3;
            case STRING -> 4;
            case ARRAY -> 5;
            case OBJECT -> 6;
            default -> 0;
        };
    }

    private static int numbers(JsonNode a, JsonNode b, int ofNoNumbers) {
        if (Numbers.isLong(a) && Numbers.isLong(b)) {
            return Long.compare(a.longValue(), b.longValue());
        }
        if (Numbers.isExact(a) && Numbers.isExact(b)) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        if (Double.isNaN(x)) {
            return Double.isNaN(y) ? ofNoNumbers : -1;
        }
        return Double.isNaN(y) ? 1 : x < y ? -1 : x == y ? 0 : 1;
    }

    /** By code points. */
    static int texts(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean pairs = Character.isSurrogate(x) != Character.isSurrogate(y);
                return pairs ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int arrays(JsonNode a, JsonNode b, int ofNoNumbers) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = compare(a.get(i), b.get(i), ofNoNumbers);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** First by their sorted names, then by their values. */
    private static int objects(JsonNode a, JsonNode b, int ofNoNumbers) {
        List<String> names = List.copyOf(names(a));
        List<String> others = List.copyOf(names(b));
        for (int i = 0; i < Math.min(names.size(), others.size()); i++) {
            int order = texts(names.get(i), others.get(i));
            if (order != 0) {
                return order;
            }
        }
        if (names.size() != others.size()) {
            return Integer.compare(names.size(), others.size());
        }
        for (String name : names) {
            int order = compare(a.get(name), b.get(name), ofNoNumbers);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    static Set<String> names(JsonNode object) {
        TreeSet<String> names = new TreeSet<>(Order::texts);
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
