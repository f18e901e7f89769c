package dev.gantry.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events whose data is JSON. */
public final class EventStream implements AutoCloseable {
    private final BufferedReader lines;
    private String id = "";

    public EventStream(InputStream body) {
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The next event's data; null at the end of the stream. */
    public @Nullable JsonNode next() throws IOException {
        StringBuilder data = new StringBuilder();
        String newId = id;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    id = newId;
                    return Json.read(data.toString().getBytes(StandardCharsets.UTF_8));
                }
            } else if (line.startsWith("data:")) {
                data.append(value(line));
            } else if (line.startsWith("id:")) {
                newId = value(line);
            }
        }
        return null;
    }

    /** Of the last event; to be given when coming back. */
    public String lastId() {
        return id;
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
