package dev.gantry.orchestrator.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Event;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.Initiator;
import dev.gantry.orchestrator.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    /** The shards of each write, in their order. */
    private final List<Set<Integer>> written = Collections.synchronizedList(new ArrayList<>());

    private final Semaphore disk = new Semaphore(0);
    private final Set<Integer> lost = new HashSet<>();
    private int poisoned = -1;
    private boolean away;

    private Set<Integer> write(JdbiBatch batch) throws Journal.Unavailable {
        Set<Integer> shards = batch.batch().epochs().keySet();
        written.add(Set.copyOf(shards));
        disk.acquireUninterruptibly();
        if (away) {
            throw new Journal.Unavailable("away", new IllegalStateException(), true);
        }
        if (shards.contains(poisoned)) {
            throw new Journal.Unavailable("poisoned", new IllegalStateException(), false);
        }
        Set<Integer> gone = new HashSet<>(shards);
        gone.retainAll(lost);
        return gone;
    }

    private static JdbiBatch of(int shard) {
        Journal.Entry entry =
                new Journal.Entry(
                        new ExecutionId(new UUID(0, shard)),
                        new TenantId("acme"),
                        Initiator.parse("user:ann"),
                        1,
                        Instant.EPOCH,
                        List.of(new Event.StepReleased(1, 1)),
                        Aside.NONE);
        return JdbiBatch.of(
                new Journal.Batch(
                        Map.of(shard, 1L),
                        List.of(entry),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                new EntryCodec(),
                Journals.PAYLOADS);
    }

    private static CompletableFuture<Void> commit(GroupCommit commits, int shard) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                commits.commit(of(shard));
                done.complete(null);
            } catch (Journal.Fenced | Journal.Unavailable e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** One is at the disk, and the others have gathered behind it. */
    private List<CompletableFuture<Void>> gathered(GroupCommit commits, int count)
            throws InterruptedException {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(commit(commits, 0));
        await().until(() -> written.size() == 1);
        for (int shard = 1; shard < count; shard++) {
            all.add(commit(commits, shard));
        }
        int others = count - 1;
        await().until(() -> commits.waiting() == others);
        return all;
    }

    @Test
    void writesTogetherWhatIsReadyWhileOneIsAtTheDisk() throws Exception {
        GroupCommit commits = new GroupCommit(this::write, 1);
        List<CompletableFuture<Void>> all = gathered(commits, 4);

        disk.release(2);
        all.forEach(CompletableFuture::join);

        assertThat(written).containsExactly(Set.of(0), Set.of(1, 2, 3));
    }

    @Test
    void writesAsManyAtATimeAsAreSet() throws Exception {
        GroupCommit commits = new GroupCommit(this::write, 2);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(commit(commits, 0));
        await().until(() -> written.size() == 1);
        all.add(commit(commits, 1));
        await().until(() -> written.size() == 2);
        all.add(commit(commits, 2));
        all.add(commit(commits, 3));
        await().until(() -> commits.waiting() == 2);

        disk.release(3);
        all.forEach(CompletableFuture::join);

        assertThat(written).containsExactly(Set.of(0), Set.of(1), Set.of(2, 3));
    }

    @Test
    void tellsWhoLostItsShardAndWritesTheRest() throws Exception {
        GroupCommit commits = new GroupCommit(this::write, 1);
        List<CompletableFuture<Void>> all = gathered(commits, 4);
        lost.add(2);

        disk.release(3);

        all.get(1).join();
        all.get(3).join();
        assertThatThrownBy(() -> all.get(2).join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        Journal.Fenced.class,
                        fenced -> assertThat(fenced.shards()).containsExactly(2));
        assertThat(written).containsExactly(Set.of(0), Set.of(1, 2, 3), Set.of(1, 3));
    }

    @Test
    void findsTheOneAtFault() throws Exception {
        GroupCommit commits = new GroupCommit(this::write, 1);
        List<CompletableFuture<Void>> all = gathered(commits, 4);
        poisoned = 3;

        disk.release(5);

        all.get(1).join();
        all.get(2).join();
        assertThatThrownBy(() -> all.get(3).join()).hasMessageContaining("poisoned");
    }

    @Test
    void tellsEverybodyOfADatabaseThatIsAway() throws Exception {
        GroupCommit commits = new GroupCommit(this::write, 1);
        List<CompletableFuture<Void>> all = gathered(commits, 3);
        away = true;

        disk.release(2);

        for (CompletableFuture<Void> one : all) {
            assertThatThrownBy(one::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            Journal.Unavailable.class,
                            why -> assertThat(why.isTransient()).isTrue());
        }
        away = false;
        disk.release(1);
        commits.commit(of(7));
    }
}
