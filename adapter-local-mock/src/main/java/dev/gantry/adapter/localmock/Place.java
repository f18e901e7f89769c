package dev.gantry.adapter.localmock;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;

/**
 * Where something stands.
 *
 * @param line from 1, or 0 if the script is no text
 * @param pointer JSON Pointer from the top of a block; of a text, empty
 */
record Place(int line, int column, String pointer) {

    /** Of the token that was read last. */
    static Place of(JsonParser parser) {
        Place place = of(parser.currentTokenLocation());
        return place.line == 0
                ? new Place(0, 0, parser.getParsingContext().pathAsPointer().toString())
                : place;
    }

    static Place of(JsonLocation location) {
        return location.getLineNr() < 1
                ? new Place(0, 0, "")
                : new Place(location.getLineNr(), location.getColumnNr(), "");
    }

    String prefix() {
        return line == 0 ? "" : "line %d, column %d: ".formatted(line, column);
    }
}
