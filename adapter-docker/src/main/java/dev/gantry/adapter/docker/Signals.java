package dev.gantry.adapter.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.spi.StepContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which signals the engine sent to which container: an exit code alone does not tell whether a
 * process was killed or ended with that code by itself. The engine says it in its events, of which
 * it keeps the last 256; so they are listened to for as long as the adapter is used.
 */
final class Signals {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** More than one node runs at a time; the oldest are forgotten first. */
    private static final int MOST = 20_000;

    private static final long PAUSE_MILLIS = 500;
    private static final long PATIENCE_SECONDS = 2;

    private final Streams streams;
    private final String installation;
    private final Executor threads;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean closed;

    /** Known since their start, without a gap. */
    private final Map<String, Life> lives =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Life> eldest) {
                    return size() > MOST;
                }
            };

    private static final class Life {
        final Set<Integer> signals = new HashSet<>();
        boolean isOver;
    }

    Signals(Streams streams, String installation, Executor threads) {
        this.streams = streams;
        this.installation = installation;
        this.threads = threads;
    }

    /** Listens from now on; what happened a moment ago is told again by the engine. */
    void listen() {
        if (begun.compareAndSet(false, true)) {
            threads.execute(this::listenOn);
        }
    }

    private void listenOn() {
        String path =
                "/events?since=0&filters="
                        + URLEncoder.encode(
                                "{\"type\":[\"container\"],\"event\":[\"start\",\"kill\",\"die\"],\"label\":[\"%s=%s\"]}"
                                        .formatted(
                                                StepContext.LABEL_PREFIX + "installation",
                                                installation),
                                StandardCharsets.UTF_8);
        while (!closed) {
            try {
                streams.get(path, this::events);
            } catch (IOException e) {
                // The engine is away; whoever asks meanwhile learns that nothing is known.
            }
            forgetAll();
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void forgetAll() {
        lock.lock();
        try {
            lives.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void events(InputStream in) throws IOException {
        try (MappingIterator<JsonNode> events = JSON.readerFor(JsonNode.class).readValues(in)) {
            while (events.hasNextValue()) {
                event(events.nextValue());
            }
        }
    }

    private void event(JsonNode event) {
        JsonNode actor = event.path("Actor");
        String container = actor.path("ID").asText();
        lock.lock();
        try {
            String what = event.path("Action").asText();
            if (what.equals("start")) {
                lives.put(container, new Life());
            }
            Life life = lives.get(container);
            if (life != null && what.equals("kill")) {
                life.signals.add(actor.path("Attributes").path("signal").asInt());
            }
            if (life != null && what.equals("die")) {
                life.isOver = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the engine sent the signal to a container that has ended; null if nobody watched all
     * of its life.
     */
    @Nullable Boolean sent(String container, int signal) {
        listen();
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            Life life = lives.get(container);
            while ((life == null || !life.isOver) && left > 0) {
                left = changed.awaitNanos(left);
                life = lives.get(container);
            }
            return (life != null && life.isOver) ? life.signals.contains(signal) : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    void forget(String container) {
        lock.lock();
        try {
            lives.remove(container);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
    }
}
