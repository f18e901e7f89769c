package dev.gantry.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** With {@code -Djfr=FOLDER}, a recording of this process while a row is measured. */
final class Profile implements Load.Span {
    private static final @Nullable String FOLDER = System.getProperty("jfr");

    private final Load.Span inner;
    private final Path file;
    private final Recording recording;

    private Profile(Load.Span inner, Path file, Recording recording) {
        this.inner = inner;
        this.file = file;
        this.recording = recording;
    }

    /** The span itself if nothing is to be recorded. */
    static Load.Span around(Load.Span span, String name, int callers)
            throws IOException, ParseException {
        if (FOLDER == null) {
            return span;
        }
        Recording recording = new Recording(Configuration.getConfiguration("profile"));
        // Unlike the usual samples these count time in the system too, which is most of a wait's.
        recording.enable("jdk.CPUTimeSample").with("throttle", "500/s");
        recording.enable("jdk.SocketRead").withThreshold(Duration.ZERO).with("throttle", "off");
        recording.enable("jdk.ThreadPark").withThreshold(Duration.ZERO);
        Path folder = Files.createDirectories(Path.of(FOLDER));
        String plain = name.replaceAll("[^a-z0-9-]+", "-");
        return new Profile(span, folder.resolve(plain + "-" + callers + ".jfr"), recording);
    }

    @Override
    public void begins() {
        recording.start();
        inner.begins();
    }

    @Override
    public void ends() {
        inner.ends();
        try (recording) {
            recording.dump(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
