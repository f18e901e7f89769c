package dev.gantry.adapter.localmock;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Reads what goes wrong around a workload. */
final class FaultReader {
    private final Faults.Builder faults;
    private final List<Mistake> problems;

    FaultReader(MockRule.Builder rule, List<Mistake> problems) {
        this.faults = rule.faults();
        this.problems = problems;
    }

    void faults(Doc doc) {
        FieldReader fields = new FieldReader("faults", doc, problems);
        fields.read("provision", this::provision);
        fields.read("loseReply", it -> times(it, n -> faults.lostReplies = n));
        fields.duration("disconnectAfter", it -> faults.disconnectAfter = it);
        fields.duration("vanishAfter", it -> faults.vanishAfter = it);
        fields.flag("hang", it -> faults.hang = it);
        fields.duration("ignoreCancel", this::ignoreCancel);
        fields.flag("unconfirmedCancel", it -> faults.cancelUnconfirmed = it);
        fields.read("interruptCollect", it -> times(it, n -> faults.collectTimes = n));
        fields.read("teardown", it -> times(it, n -> faults.teardownTimes = n));
        fields.refuseOthers();
    }

    private void provision(Doc doc) {
        ErrorReader reader = new ErrorReader(problems);
        faults.provision = reader.fault(doc);
        faults.provisionTimes = reader.times();
    }

    private void ignoreCancel(Duration time) {
        faults.ignoreStop = time;
    }

    /** {@code true} for once, or how often. */
    private static void times(Doc doc, Consumer<Integer> reader) {
        String text = FieldReader.scalar(doc);
        reader.accept(
                text.equals("true") ? 1 : text.equals("false") ? 0 : FieldReader.integer(text));
    }
}
