package dev.gantry.acceptance.conformance;

import io.cucumber.plugin.ConcurrentEventListener;
import io.cucumber.plugin.event.DocStringArgument;
import io.cucumber.plugin.event.EventPublisher;
import io.cucumber.plugin.event.PickleStepTestStep;
import io.cucumber.plugin.event.Status;
import io.cucumber.plugin.event.TestCase;
import io.cucumber.plugin.event.TestCaseFinished;
import io.cucumber.plugin.event.TestStep;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers how each scenario ended. */
public final class Outcomes implements ConcurrentEventListener {
    private static final List<Outcome> ALL = new CopyOnWriteArrayList<>();

    /**
     * @param text the documents of its steps
     * @param problem null if it passed
     */
    record Outcome(String feature, String scenario, String text, @Nullable Throwable problem) {}

    static List<Outcome> all() {
        return List.copyOf(ALL);
    }

    static void clear() {
        ALL.clear();
    }

    @Override
    public void setEventPublisher(EventPublisher publisher) {
        publisher.registerHandlerFor(
                TestCaseFinished.class,
                event -> {
                    URI feature = event.getTestCase().getUri();
                    String name =
                            feature.getPath() == null ? feature.toString() : feature.getPath();
                    boolean passed = event.getResult().getStatus() == Status.PASSED;
                    Throwable problem = event.getResult().getError();
                    ALL.add(
                            new Outcome(
                                    name.substring(name.lastIndexOf('/') + 1),
                                    event.getTestCase().getName(),
                                    text(event.getTestCase()),
                                    passed
                                            ? null
                                            : problem != null
                                                    ? problem
                                                    : new AssertionError(
                                                            "the scenario is "
                                                                    + event.getResult()
                                                                            .getStatus())));
                });
    }

    private static String text(TestCase scenario) {
        StringBuilder text = new StringBuilder();
        for (TestStep step : scenario.getTestSteps()) {
            if (step instanceof PickleStepTestStep written
                    && written.getStep().getArgument() instanceof DocStringArgument document) {
                text.append(document.getContent()).append('\n');
            }
        }
        return text.toString();
    }
}
