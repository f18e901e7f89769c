package dev.gantry.adapter.localmock;

import dev.gantry.spi.RunnerAdapter;
import dev.gantry.spi.RunnerAdapterProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link LocalMock}s from the settings {@code script}, {@code seed}, {@code ledger} and
 * {@code max-in-flight}.
 */
public final class LocalMockProvider implements RunnerAdapterProvider {
    static final List<String> SETTINGS = List.of("ledger", "max-in-flight", "script", "seed");

    @Override
    public String kind() {
        return LocalMock.KIND;
    }

    @Override
    public RunnerAdapter create(AdapterContext context) {
        Map<String, String> settings = context.settings();
        for (String setting : settings.keySet()) {
            if (!SETTINGS.contains(setting)) {
                throw new IllegalArgumentException(
                        "%s: unknown setting '%s'%s; known are %s"
                                .formatted(
                                        LocalMock.KIND,
                                        setting,
                                        Mistake.hint(setting, SETTINGS),
                                        String.join(", ", SETTINGS)));
            }
        }
        LocalMock.Builder mock =
                LocalMock.builder()
                        .installation(context.installation())
                        .script(script(settings.get("script"), settings.get("seed")))
                        .maxInFlight(maxInFlight(settings.get("max-in-flight")));
        String ledger = settings.get("ledger");
        try {
            return ledger == null ? mock.build() : mock.ledger(folder(ledger)).build();
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(
                    "%s: ledger '%s' cannot be used: %s"
                            .formatted(LocalMock.KIND, ledger, e.getMessage()),
                    e);
        }
    }

    private static MockScript script(@Nullable String file, @Nullable String seed) {
        MockScript script;
        try {
            script = file == null ? MockScript.builder().build() : MockScript.read(Path.of(file));
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(
                    "%s: script '%s' cannot be read; a YAML file expected"
                            .formatted(LocalMock.KIND, file),
                    e);
        }
        if (seed == null) {
            return script;
        }
        try {
            return script.withSeed(MockScript.Seed.parse(seed).value());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s: seed: %s".formatted(LocalMock.KIND, e.getMessage()), e);
        }
    }

    private static int maxInFlight(@Nullable String text) {
        if (text == null) {
            return LocalMock.Builder.DEFAULT_MAX_IN_FLIGHT;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(
                    "%s: max-in-flight '%s' is not a whole number from 1 to 999999999"
                            .formatted(LocalMock.KIND, text));
        }
        return Integer.parseInt(text);
    }

    /** A path that ends with a slash is a folder, also if it is not there yet. */
    private static Path folder(String ledger) throws IOException {
        Path path = Path.of(ledger);
        return ledger.endsWith("/") ? Files.createDirectories(path) : path;
    }
}
