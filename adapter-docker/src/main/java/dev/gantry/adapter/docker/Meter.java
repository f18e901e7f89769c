package dev.gantry.adapter.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a container has used up to now: with its end the engine forgets it, so it is asked for while
 * the container runs, by a virtual thread. It is asked more often while the container is young, so
 * that the part that is missed at the end stays small beside the whole.
 */
final class Meter implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is over sooner is not worth a question. */
    private static final long FIRST_MILLIS = 250;

    private static final long LEAST_MILLIS = 125;
    private static final long MOST_MILLIS = 1_000;

    private final Streams streams;
    private final String path;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long mostFiles;
    private volatile Sample last = Sample.NONE;

    Meter(Streams streams, String container) {
        this.streams = streams;
        this.path = "/containers/%s/stats?stream=false&one-shot=true".formatted(container);
    }

    /** Null where the engine told nothing. */
    record Sample(@Nullable Long cpuMillis, @Nullable Long peakMemoryBytes) {
        static final Sample NONE = new Sample(null, null);
    }

    /**
     * Goes on until it is closed.
     *
     * @param young whether the container begins now
     */
    void measure(boolean young) {
        long begun = System.nanoTime();
        long pause = young ? FIRST_MILLIS : 0;
        try {
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                ask();
                long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                pause = young ? Math.clamp(age / 2, LEAST_MILLIS, MOST_MILLIS) : MOST_MILLIS;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        try {
            streams.get(path, in -> take(JSON.readTree(in)));
        } catch (IOException e) {
            // It has ended, or the engine is away: what is known stays.
        }
    }

    /** Once the container has ended, the engine answers with zeros. */
    void take(JsonNode stats) {
        long cpuNanos = stats.path("cpu_stats").path("cpu_usage").path("total_usage").asLong();
        if (cpuNanos > 0) {
            last =
                    new Sample(
                            TimeUnit.NANOSECONDS.toMillis(cpuNanos),
                            peak(stats.path("memory_stats"), last.peakMemoryBytes()));
        }
    }

    /**
     * Files that the kernel keeps in memory as long as there is room are nobody's need. With cgroup
     * v1 the engine knows the peak, but with those files; with v2 the samples are all there is.
     */
    private @Nullable Long peak(JsonNode memory, @Nullable Long before) {
        if (!memory.path("usage").isNumber()) {
            return before;
        }
        JsonNode parts = memory.path("stats");
        long files = part(parts, "active_file") + part(parts, "inactive_file");
        mostFiles = Math.max(mostFiles, files);
        long now = memory.path("usage").asLong() - files;
        long ever = memory.path("max_usage").asLong() - mostFiles;
        long most = Math.max(0, Math.max(now, ever));
        return before == null ? most : Long.valueOf(Math.max(before, most));
    }

    /** With cgroup v1 those of the container's processes have a prefix. */
    private static long part(JsonNode parts, String name) {
        return parts.path("total_" + name).asLong(parts.path(name).asLong());
    }

    Sample last() {
        return last;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
