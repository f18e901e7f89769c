package dev.gantry.adapter.k8sjob;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.StepContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How Gantry's resources are called in a cluster, and what they carry. */
final class Names {
    /** The container that runs the step; what else is in a pod is not asked about. */
    static final String CONTAINER = "step";

    /** Holds a pod back until Gantry lets exactly one of a Job's pods go. */
    static final String GATE = "gantry.dev/claim";

    /** Keeps what a pod tells of its end, whoever deletes it, until Gantry needs it no more. */
    static final String FINALIZER = "gantry.dev/evidence";

    /** UID of the one pod of the Job that may run; empty until there is one. */
    static final String CLAIMED = "gantry.dev/claimed-pod";

    /** When it was said that the Job is to run nothing any more; empty until then. */
    static final String CANCELLED = "gantry.dev/cancelled";

    /** Annotations of a Job that are written only where both are as they were read. */
    static final List<String> DECISIONS = List.of(CLAIMED, CANCELLED);

    /** What Gantry's own lines in a pod's log begin with; empty where there are none. */
    static final String MARK = "gantry.dev/mark";

    /** What a Job's input is called in the blob store, if it is there. */
    static final String INPUT = "gantry.dev/input";

    static final String INSTALLATION = StepContext.LABEL_PREFIX + "installation";
    static final String ATTEMPT = StepContext.LABEL_PREFIX + "attempt";

    /** The step's external name, whatever the attempt. */
    static final String STEP = "gantry.dev/step";

    /** What Kubernetes puts onto each pod of a Job: the Job's UID. */
    static final String JOB_UID = "batch.kubernetes.io/controller-uid";

    private static final Pattern LABEL =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");

    private Names() {}

    /** The attempt is the generation: a name is never used again for another Job of the step. */
    static String job(Attempt attempt) {
        return "%s-%d".formatted(attempt.externalName(), attempt.context().attempt());
    }

    /** Labels have a narrow alphabet: what does not fit is told by {@link #annotations} alone. */
    static Map<String, String> labels(Attempt attempt) {
        Map<String, String> labels = new TreeMap<>();
        attempt.context()
                .labels()
                .forEach((key, value) -> {
                    if (LABEL.matcher(value).matches()) {
                        labels.put(key, value);
                    }
                });
        labels.put("app.kubernetes.io/managed-by", "gantry");
        labels.put(INSTALLATION, label(attempt.context().installation()));
        labels.put(STEP, attempt.externalName());
        return labels;
    }

    /** Of the Job: nothing is decided of it yet. */
    static Map<String, String> undecided(Map<String, String> annotations) {
        Map<String, String> undecided = new TreeMap<>(annotations);
        DECISIONS.forEach(decision -> undecided.put(decision, ""));
        return undecided;
    }

    /** All ids, as they are. */
    static Map<String, String> annotations(Attempt attempt, String mark) {
        Map<String, String> annotations = new TreeMap<>(attempt.context().labels());
        annotations.put(MARK, mark);
        return annotations;
    }

    /** A text as the value of a label that nothing else has: as it is, or its digest. */
    static String label(String text) {
        return LABEL.matcher(text).matches() && !text.isEmpty()
                ? text
                : "sha256-" + Digest.of(text);
    }
}
