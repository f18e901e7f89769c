package dev.gantry.orchestrator.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands between a server and its database: open, shut (whoever knocks is cut), or silent. */
public final class Gate implements AutoCloseable {
    private enum State {
        OPEN,
        SHUT,
        SILENT
    }

    private final ServerSocket entrance;
    private final String host;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.OPEN;

    public Gate(TestPostgres.Database database) {
        URI target = URI.create(database.url().substring("jdbc:".length()));
        this.host = target.getHost();
        this.port = target.getPort();
        try {
            this.entrance = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** The database's URL through this gate. */
    public String url(TestPostgres.Database database) {
        return "jdbc:postgresql://127.0.0.1:%d%s"
                .formatted(
                        entrance.getLocalPort(),
                        URI.create(database.url().substring("jdbc:".length())).getPath());
    }

    public void open() {
        set(State.OPEN);
    }

    public void shut() {
        set(State.SHUT);
        sockets.forEach(Gate::end);
    }

    /** Connections stay, and nothing comes through. */
    public void silence() {
        set(State.SILENT);
    }

    private void set(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket in = entrance.accept();
                if (is(State.SHUT)) {
                    end(in);
                    continue;
                }
                Socket out = new Socket(host, port);
                sockets.add(in);
                sockets.add(out);
                Thread.ofVirtual().start(() -> pump(in, out));
                Thread.ofVirtual().start(() -> pump(out, in));
            } catch (IOException _) {
                // Closed, or the database is gone itself.
            }
        }
    }

    private boolean is(State asked) {
        lock.lock();
        try {
            return state == asked;
        } finally {
            lock.unlock();
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8_192];
        try {
            int read = from.getInputStream().read(buffer);
            while (read >= 0) {
                awaitSound();
                to.getOutputStream().write(buffer, 0, read);
                read = from.getInputStream().read(buffer);
            }
        } catch (IOException | InterruptedException _) {
            // Cut.
        } finally {
            end(from);
            end(to);
        }
    }

    private void awaitSound() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.SILENT) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It has ended.
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shut();
    }
}
