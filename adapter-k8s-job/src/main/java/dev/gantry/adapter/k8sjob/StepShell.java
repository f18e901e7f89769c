package dev.gantry.adapter.k8sjob;

import dev.gantry.process.ProcessStart;
import dev.gantry.process.StepFiles;
import dev.gantry.spi.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The script by which an image's shell begins a step's process. It gives it standard input, keeps
 * its streams apart, and prints its result and files at the end of the log: a pod has no other
 * place that outlives its containers.
 */
final class StepShell {
    static final String PATH = StepFiles.IN + "/run";
    static final String STDIN = StepFiles.IN + "/stdin";
    private static final String SCRIPT = script();

    private StepShell() {}

    /** Told by its file, so no argument is seen by who may only look at pods. */
    static List<String> command() {
        return List.of("/bin/sh", PATH);
    }

    static String text(
            Workload.Process process, String mark, long maxOutputBytes, long filesBytes) {
        List<String> words = new ArrayList<>(process.command());
        words.addAll(ProcessStart.arguments(process));
        StringBuilder text = new StringBuilder();
        text.append(
                "mark=%s most=%d files=%d stdin=%s\n"
                        .formatted(mark, maxOutputBytes, filesBytes, STDIN));
        text.append("set --");
        words.forEach(word -> text.append(' ').append(quoted(word)));
        return text.append('\n').append(SCRIPT).toString();
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String script() {
        try (InputStream in =
                Objects.requireNonNull(StepShell.class.getResourceAsStream("run.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
