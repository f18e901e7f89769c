package dev.gantry.orchestrator.journal;

import static dev.gantry.orchestrator.journal.JdbiBatch.bytes;
import static dev.gantry.orchestrator.journal.JdbiBatch.ints;

import dev.gantry.orchestrator.engine.Aside;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Journal.Entry;
import dev.gantry.orchestrator.engine.Journal.Unavailable;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.id.ExecutionId;
import dev.gantry.orchestrator.id.TenantId;
import dev.gantry.orchestrator.payload.PayloadCodec;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Writes what readers are told of one execution anew. Most of it beside the execution's own
 * commits, which wait only while the newest entries are made up for.
 */
final class JdbiRebuild {
    private static final int AT_ONCE = 500;

    private final Jdbi jdbi;
    private final EntryCodec codec;
    private final PayloadCodec payloads;
    private final Page page;

    interface Page {
        List<Entry> of(Handle handle, TenantId tenant, ExecutionId id, int from, int limit);
    }

    JdbiRebuild(Jdbi jdbi, EntryCodec codec, PayloadCodec payloads, Page page) {
        this.jdbi = jdbi;
        this.codec = codec;
        this.payloads = payloads;
        this.page = page;
    }

    void run(Journal.Head head, ReadRows.Fold fold) throws Unavailable {
        try {
            int next = jdbi.withHandle(handle -> fold(handle, head, fold, 1));
            jdbi.useTransaction(handle -> {
                handle.execute("select from execution where id = ? for update", head.id().value());
                int entries = fold(handle, head, fold, next) - 1;
                finish(handle, head, fold.end(), entries);
            });
        } catch (JdbiException | SQLException e) {
            throw JdbiJournal.unavailable(e);
        }
    }

    /** The number after the last entry that is there. */
    private int fold(Handle handle, Journal.Head head, ReadRows.Fold fold, int from)
            throws SQLException {
        int next = from;
        while (true) {
            List<Entry> entries = page.of(handle, head.tenant(), head.id(), next, AT_ONCE);
            List<Entry> noted = new ArrayList<>(entries.size());
            for (Entry entry : entries) {
                noted.add(with(entry, fold.add(entry)));
            }
            write(handle, head, noted);
            next += entries.size();
            if (entries.size() < AT_ONCE) {
                return next;
            }
        }
    }

    private static Entry with(Entry entry, Aside aside) {
        return new Entry(
                entry.id(),
                entry.tenant(),
                entry.initiator(),
                entry.seq(),
                entry.at(),
                entry.events(),
                aside);
    }

    private void write(Handle handle, Journal.Head head, List<Entry> entries) throws SQLException {
        List<JdbiBatch.Blob> blobs = new ArrayList<>();
        List<byte @Nullable []> asides = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            asides.add(
                    JdbiBatch.aside(
                            entry, codec, payloads, JdbiBatch.sink(entry, payloads, blobs)));
        }
        JdbiBatch.writeBlobs(handle, blobs);
        var connection = handle.getConnection();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        update journal j set aside = u.aside
                          from unnest(?::int[], ?::bytea[]) as u(seq, aside)
                         where j.execution_id = ? and j.seq = u.seq
                           and j.aside is distinct from u.aside
                        """)) {
            statement.setArray(1, ints(connection, entries, Entry::seq));
            statement.setArray(2, bytes(connection, asides, aside -> aside));
            statement.setObject(3, head.id().value());
            statement.executeUpdate();
        }
    }

    private void finish(Handle handle, Journal.Head head, ReadRows.Rebuilt rebuilt, int entries) {
        handle.execute("delete from step_entry where execution_id = ?", head.id().value());
        if (entries >= ReadRows.FEW_ENTRIES) {
            for (Map.Entry<Integer, List<Integer>> step : rebuilt.steps().entrySet()) {
                handle.createUpdate(
                                """
                                insert into step_entry (execution_id, step, tenant_id, entries)
                                values (:id, :step, :tenant, :entries)
                                """)
                        .bind("id", head.id().value())
                        .bind("step", step.getKey())
                        .bind("tenant", head.tenant().value())
                        .bind("entries", step.getValue().toArray(Integer[]::new))
                        .execute();
            }
        }
        handle.createUpdate(
                        """
                        update execution
                           set readable = :entries, ended_by = :ended, current_tasks = :tasks
                         where id = :id
                        """)
                .bind("id", head.id().value())
                .bind("entries", entries)
                .bind("ended", rebuilt.endedBy())
                .bind("tasks", JdbiBatch.tasks(head.tenant(), rebuilt.current(), codec, payloads))
                .execute();
    }
}
