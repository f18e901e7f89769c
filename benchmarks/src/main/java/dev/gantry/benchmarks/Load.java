package dev.gantry.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Closed-loop load: each caller begins anew when it has its answer. */
final class Load {
    private Load() {}

    interface Call {
        void once() throws Exception;
    }

    /** What is looked at before and after the time that is measured. */
    interface Span {
        Span NONE =
                new Span() {
                    @Override
                    public void begins() {}

                    @Override
                    public void ends() {}
                };

        void begins();

        void ends();
    }

    /**
     * @param p50 milliseconds, as the others
     * @param failures of all calls, of which only those that went well are counted
     */
    record Result(double perSecond, double p50, double p95, double p99, long failures) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,.0f/s, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms%s",
                    perSecond,
                    p50,
                    p95,
                    p99,
                    failures == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", failures));
        }
    }

    static Result closed(int callers, Duration warmUp, Duration measured, Span span, Call call)
            throws InterruptedException {
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicBoolean counting = new AtomicBoolean();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.execute(() -> {
                    while (!stop.get()) {
                        long began = System.nanoTime();
                        try {
                            call.once();
                        } catch (Exception e) {
                            failures.incrementAndGet();
                            continue;
                        }
                        if (counting.get()) {
                            times.add(System.nanoTime() - began);
                        }
                    }
                });
            }
            Thread.sleep(warmUp);
            span.begins();
            counting.set(true);
            long began = System.nanoTime();
            Thread.sleep(measured);
            counting.set(false);
            double seconds = (System.nanoTime() - began) / 1e9;
            span.ends();
            stop.set(true);
            return result(
                    times.stream().mapToLong(Long::longValue).toArray(), seconds, failures.get());
        }
    }

    static Result result(long[] nanos, double seconds, long failures) {
        Arrays.sort(nanos);
        return new Result(
                nanos.length / seconds,
                at(nanos, 0.50),
                at(nanos, 0.95),
                at(nanos, 0.99),
                failures);
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * share)] / 1e6;
    }
}
