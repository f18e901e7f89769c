package dev.gantry.process;

import dev.gantry.spi.Workload;

/** Where a step finds its files: the same on every backend, as code need not know where it runs. */
public final class StepFiles {
    public static final String ROOT = "/gantry";

    /** What Gantry gives; a workload need not be able to write there. */
    public static final String IN = ROOT + "/in";

    /** What a workload leaves; any user writes there. */
    public static final String OUT = ROOT + "/out";

    public static final String INPUT = IN + "/input.json";
    public static final String OUTPUT = OUT + "/result.json";
    public static final String ARTIFACTS = OUT + "/artifacts";

    private StepFiles() {}

    public static String script(Workload.Script script) {
        return IN + "/" + script.name();
    }

    /**
     * Whether a file of the output folder has a name that can be handed on.
     *
     * @param path relative to the folder
     */
    public static boolean isPlain(String path) {
        return !path.isEmpty() && !path.startsWith("/") && !("/" + path + "/").contains("/../");
    }
}
