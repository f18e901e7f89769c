package dev.gantry.orchestrator.journal;

import dev.gantry.orchestrator.engine.Census;
import dev.gantry.orchestrator.engine.ExecutionIndex;
import dev.gantry.orchestrator.engine.Journal;
import dev.gantry.orchestrator.engine.Ledger;
import dev.gantry.orchestrator.engine.Post;
import dev.gantry.orchestrator.engine.ReadRows;
import dev.gantry.orchestrator.engine.StateImage;
import dev.gantry.orchestrator.payload.PayloadCodec;
import dev.gantry.orchestrator.payload.Turned;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;

/** The real stores, for tests of other packages. */
public final class Journals {
    /** Whatever is stored past it is not read again. */
    static final PayloadCodec PAYLOADS = new Turned();

    private Journals() {}

    public static Journal journal(Jdbi jdbi) {
        return new JdbiJournal(jdbi, jdbi, 1, new EntryCodec(), PAYLOADS);
    }

    /** What a snapshot is after it was stored and read. */
    public static StateImage stored(StateImage image) {
        EntryCodec codec = new EntryCodec();
        Map<String, byte[]> blobs = new TreeMap<>();
        byte[] bytes =
                codec.write(
                        image, (digest, json) -> blobs.put(HexFormat.of().formatHex(digest), json));
        return codec.readImage(
                bytes,
                digest -> Objects.requireNonNull(blobs.get(HexFormat.of().formatHex(digest))));
    }

    /** A snapshot as text, to be compared. */
    public static String text(StateImage image) {
        return new String(
                new EntryCodec().write(image, (digest, json) -> {}), StandardCharsets.UTF_8);
    }

    public static ReadRows reads(Jdbi jdbi) {
        return new JdbiReadRows(jdbi, new EntryCodec(), PAYLOADS);
    }

    public static ExecutionIndex index(Jdbi jdbi) {
        return new JdbiExecutionIndex(jdbi, PAYLOADS);
    }

    public static Post post(Jdbi jdbi) {
        return new JdbiPost(jdbi, PAYLOADS);
    }

    public static Ledger ledger(Jdbi jdbi) {
        return new JdbiLedger(jdbi);
    }

    public static Census census(Jdbi jdbi) {
        return new JdbiCensus(jdbi);
    }
}
