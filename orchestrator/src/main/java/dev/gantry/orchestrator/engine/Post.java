package dev.gantry.orchestrator.engine;

import dev.gantry.orchestrator.id.ExecutionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Messages to executions whose shards other nodes hold. One waits until the shard's owner has taken
 * it in a commit, which also leaves the answer for who waits: whatever node ends in between, it is
 * taken once.
 */
public interface Post {
    /** For one shard, beyond which messages that somebody waits for are refused. */
    int MOST = 10_000;

    /**
     * @param asker the process that waits for the answer; null if none does
     * @return its number; nothing if there is no such execution
     * @throws Full if too many wait for the shard's owner
     */
    Optional<Long> send(ExecutionId id, int shard, Message message, @Nullable UUID asker)
            throws Full;

    /** One that has arrived, and is there until {@link Journal.Batch#taken()} says so. */
    record Arrived(long number, ExecutionId id, Message message, Instant sentAt) {}

    /**
     * In the order in which they were sent.
     *
     * @param known those that the node has in hand
     */
    List<Arrived> arrived(Collection<Integer> shards, Collection<Long> known, int limit);

    /**
     * @param refusal why it was not done; null if it was
     */
    record Answer(@Nullable Refusal refusal) {}

    /** A refusal's code and text. */
    record Refusal(String code, String text) {
        @Override
        public String toString() {
            return code + " " + text;
        }

        public static Refusal parse(String stored) {
            int space = stored.indexOf(' ');
            return new Refusal(stored.substring(0, space), stored.substring(space + 1));
        }
    }

    /** Takes the answers to what was sent away, as far as they are there; by its number. */
    Map<Long, Answer> answers(Collection<Long> numbers);

    /** Removes answers that nobody came for. */
    void forget(Duration age);

    /** The owner of the shard is behind, or there is none. */
    final class Full extends Exception {
        private static final long serialVersionUID = 1L;

        public Full(int shard) {
            super("%d messages wait for the owner of shard %d".formatted(MOST, shard));
        }
    }
}
