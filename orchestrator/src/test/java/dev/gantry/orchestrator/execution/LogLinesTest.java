package dev.gantry.orchestrator.execution;

import static dev.gantry.orchestrator.engine.PlanBuilder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.gantry.orchestrator.id.ExecutionId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** Whose work a log line is about. */
class LogLinesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.gantry.orchestrator");
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender =
            new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent line) {
                    // Takes the MDC entries as they are now.
                    line.prepareForDeferredProcessing();
                    lines.add(line);
                }
            };

    @BeforeEach
    void capture() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void release() {
        logger.detachAppender(appender);
    }

    private static ExecutionId start(TestNode node) throws Exception {
        return node.startWithin("w", "00-" + TRACE + "-b7ad6b7169203331-00");
    }

    private ILoggingEvent line(String said) {
        await().until(() ->
                lines.stream().anyMatch(line -> line.getFormattedMessage().contains(said)));
        return lines.stream()
                .filter(line -> line.getFormattedMessage().contains(said))
                .findFirst()
                .orElseThrow();
    }

    private static void assertIds(ILoggingEvent line, ExecutionId id) {
        assertThat(line.getMDCPropertyMap())
                .containsAllEntriesOf(
                        Map.of(
                                "tenant", "acme",
                                "execution", id.toString(),
                                "correlation", "order-7",
                                "trace", TRACE,
                                "step", "1",
                                "attempt", "1"));
    }

    @Test
    void tellsWhoseStepFails() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("w", call("a", "echo"));
            node.stage.breaking.add("a");
            ExecutionId id = start(node);

            assertIds(line("failed unexpectedly"), id);
        }
    }

    @Test
    void tellsWhoseStepIsTakenUpAgain() throws Exception {
        try (TestNode node = TestNode.open()) {
            node.define("w", call("a", "echo"));
            node.stage.held.add("a");
            ExecutionId id = start(node);
            await().until(() -> !node.stage.waiting().isEmpty());
            node.stage.unsure.add("a");
            try (TestNode _ = node.restarted()) {
                assertIds(line("does not answer"), id);
            }
        }
    }

    @Test
    void writesTheIdsIntoTextLines() throws IOException {
        Object pattern =
                new YamlPropertySourceLoader()
                        .load("gantry", new ClassPathResource("application.yaml"))
                        .getFirst()
                        .getProperty("logging.pattern.correlation");
        PatternLayout layout = new PatternLayout();
        layout.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        layout.setPattern(pattern + "%msg");
        layout.start();

        logger.info("nobody's");
        new dev.gantry.orchestrator.runner.LogIds("acme", "e", "c", null, 0, 0)
                .in(() -> logger.info("acme's"));

        assertThat(layout.doLayout(line("nobody's"))).isEqualTo("nobody's");
        assertThat(layout.doLayout(line("acme's")))
                .contains("tenant=acme", "execution=e", "correlation=c")
                .endsWith("] acme's");
    }
}
