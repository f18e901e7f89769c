package dev.gantry.adapter.localmock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Resources that outlive the process: what is known of them is in a {@link LedgerFile}. */
final class LedgerResources implements Resources {
    private final LedgerFile file;
    private final String installation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Resource> resources = new HashMap<>();

    LedgerResources(LedgerFile file, String installation) {
        this.file = file;
        this.installation = installation;
    }

    private interface Access<T extends @Nullable Object> {
        T run() throws IOException;
    }

    private <T extends @Nullable Object> T exclusively(Access<T> access) {
        lock.lock();
        try {
            return access.run();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "ledger %s: %s".formatted(file.path(), e.getMessage()), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Decided decide(String name, Function<@Nullable Resource, @Nullable Event> decision) {
        return exclusively(() ->
                file.locked(() -> {
                    catchUp();
                    Event event = decision.apply(resources.get(name));
                    if (event != null) {
                        file.append(event);
                        catchUp();
                    }
                    return new Decided(resources.get(name), event);
                }));
    }

    private void catchUp() throws IOException {
        for (Event event : file.readNew()) {
            if (!event.id().installation().equals(installation)) {
                continue;
            }
            String name = event.id().name();
            Resource after = Event.apply(resources.get(name), event);
            if (after == null) {
                resources.remove(name);
            } else {
                resources.put(name, after);
            }
        }
    }

    @Override
    public @Nullable Resource find(String name) {
        return exclusively(() -> {
            catchUp();
            return resources.get(name);
        });
    }

    @Override
    public List<Resource> all() {
        return exclusively(() -> {
            catchUp();
            return List.copyOf(resources.values());
        });
    }

    @Override
    public boolean areShared() {
        return true;
    }

    @Override
    public void close() {
        exclusively(() -> {
            file.close();
            return null;
        });
    }
}
