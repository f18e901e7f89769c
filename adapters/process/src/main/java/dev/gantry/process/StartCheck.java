package dev.gantry.process;

import dev.gantry.spi.Workload;
import dev.gantry.spi.WorkloadProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Linux gives a process at its start, which is limited: its arguments and variables. */
public final class StartCheck {
    /** Of one argument or variable; the kernel takes 128 KiB with the end mark. */
    public static final int LONGEST = 128 * 1024 - 1;

    /**
     * Of all together. The kernel takes a quarter of the stack's limit, which is 2 MiB; some is
     * left for the image's own variables and Gantry's.
     */
    public static final int MOST = 2 * 1024 * 1024 - 256 * 1024;

    private static final int POINTER = 8;

    private final List<WorkloadProblem> problems = new ArrayList<>();
    private long total;

    private StartCheck() {}

    static List<WorkloadProblem> problems(Workload.Process process) {
        StartCheck start = new StartCheck();
        start.texts("/command", "the command's part", process.command());
        start.texts("/arguments", "argument", process.arguments());
        for (Map.Entry<String, String> variable : process.environment().entrySet()) {
            start.variable(variable.getKey(), variable.getValue());
        }
        if (start.total > MOST) {
            start.problems.add(
                    new WorkloadProblem(
                            "/arguments",
                            "command, arguments and variables have %d bytes together"
                                    .formatted(start.total),
                            "at most %d bytes".formatted(MOST),
                            "give long texts on standard input"));
        }
        return start.problems;
    }

    private void texts(String pointer, String what, List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            text(pointer + "/" + i, "%s %d".formatted(what, i + 1), texts.get(i), 0);
        }
    }

    private void variable(String name, String value) {
        String pointer = "/environment/" + WorkloadProblem.escaped(name);
        if (name.isEmpty() || name.contains("=") || name.indexOf('\0') >= 0) {
            problems.add(
                    new WorkloadProblem(
                            pointer,
                            "'%s' is no name of a variable".formatted(name.replace("\0", "\\0")),
                            "a name without '='",
                            null));
        } else {
            int before = name.getBytes(StandardCharsets.UTF_8).length + 1;
            text(pointer, "variable %s".formatted(name), value, before);
        }
    }

    private void text(String pointer, String what, String text, int before) {
        int bytes = before + text.getBytes(StandardCharsets.UTF_8).length;
        total += bytes + 1 + POINTER;
        if (bytes > LONGEST) {
            problems.add(
                    new WorkloadProblem(
                            pointer,
                            "%s has %d bytes, more than a process can be given"
                                    .formatted(what, bytes),
                            "at most %d bytes".formatted(LONGEST),
                            "give long texts on standard input"));
        }
        if (text.indexOf('\0') >= 0) {
            problems.add(
                    new WorkloadProblem(
                            pointer,
                            "%s has a NUL character, which no process can be given".formatted(what),
                            "text without NUL",
                            null));
        }
    }
}
