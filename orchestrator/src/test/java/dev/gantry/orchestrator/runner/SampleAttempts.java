package dev.gantry.orchestrator.runner;

import dev.gantry.spi.Attempt;
import dev.gantry.spi.Collector;
import dev.gantry.spi.Limits;
import dev.gantry.spi.LogSink;
import dev.gantry.spi.RuntimeClass;
import dev.gantry.spi.StepContext;
import dev.gantry.spi.Workload;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Attempts for tests, each of another step. */
public final class SampleAttempts {
    public static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    public static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
    public static final String NOT_SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";
    private static final AtomicInteger STEPS = new AtomicInteger();

    private SampleAttempts() {}

    public static Attempt of(String input) {
        return of(input, Limits.defaults(), null);
    }

    public static Attempt of(String input, Limits limits, @Nullable String traceparent) {
        return of("acme", input, limits, traceparent);
    }

    public static Attempt of(
            String tenant, String input, Limits limits, @Nullable String traceparent) {
        int step = STEPS.incrementAndGet();
        StepContext context =
                new StepContext(
                        "test",
                        tenant,
                        "0197a5a2-0000-7000-8000-000000000001",
                        step,
                        "/do/0/call",
                        "",
                        1,
                        "order-7",
                        "user:ann",
                        "0197a5a2:/do/0/call",
                        traceparent);
        return new Attempt(
                context,
                "g0197a5a2-" + step,
                RuntimeClass.CALL,
                new Workload.Call("http"),
                input.getBytes(StandardCharsets.UTF_8),
                limits);
    }

    /** Takes everything and keeps nothing. */
    public static final Collector NOTHING =
            new Collector() {
                @Override
                public boolean wants(String path, long sizeBytes) {
                    return false;
                }

                @Override
                public void artifact(String path, long sizeBytes, InputStream content) {}

                @Override
                public void write(LogSink.Stream stream, long offset, byte[] bytes) {}

                @Override
                public long position(LogSink.Stream stream) {
                    return 0;
                }
            };
}
