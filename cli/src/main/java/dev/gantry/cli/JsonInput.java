package dev.gantry.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.cli.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON on the command line: itself, {@code @FILE}, or {@code @-} for the standard input. */
final class JsonInput {
    private JsonInput() {}

    static JsonNode read(String option, String value, Environment environment) {
        String text = value;
        String where = option;
        if (value.startsWith("@")) {
            where = value.equals("@-") ? "the standard input" : value.substring(1);
            text = text(option, value.substring(1), environment);
        }
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException e) {
            String hint = value.startsWith("@") ? "" : "; give JSON, or @FILE";
            throw new UsageException(
                    "%s is no JSON: %s%s".formatted(where, e.getMessage(), hint), e);
        }
    }

    private static String text(String option, String file, Environment environment) {
        try {
            byte[] bytes =
                    file.equals("-")
                            ? environment.in().readAllBytes()
                            : Files.readAllBytes(environment.resolve(Path.of(file)));
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UsageException("%s: %s can not be read: %s".formatted(option, file, e), e);
        }
    }
}
