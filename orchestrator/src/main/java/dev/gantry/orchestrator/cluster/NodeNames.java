package dev.gantry.orchestrator.cluster;

import dev.gantry.orchestrator.installation.DataFolder;
import dev.gantry.orchestrator.installation.StartRefused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names nodes so that no two have the same name, and each keeps its own over restarts. */
public final class NodeNames {
    private static final Logger log = LoggerFactory.getLogger(NodeNames.class);
    private static final String FILE = "node";

    private NodeNames() {}

    /**
     * Takes the data folder for this process. A server that can write none is another node after
     * each start; what it held goes on when its leases have run out.
     *
     * @param configured null for a name that is made of the host's and a random part
     */
    public static Node of(DataFolder folder, @Nullable String configured, String version) {
        Kept kept = kept(folder);
        return new Node(
                configured == null ? kept.name() : configured,
                kept.place(),
                UUID.randomUUID(),
                version);
    }

    private record Kept(String name, UUID place) {
        static Kept fresh() {
            byte[] random = new byte[3];
            ThreadLocalRandom.current().nextBytes(random);
            return new Kept(
                    "%s-%s".formatted(host(), HexFormat.of().formatHex(random)), UUID.randomUUID());
        }

        static Kept read(String text) {
            String[] words = text.split(" ", -1);
            if (words.length != 2) {
                throw new IllegalArgumentException("a name and a place expected");
            }
            return new Kept(words[0], UUID.fromString(words[1]));
        }

        @Override
        public String toString() {
            return name + " " + place;
        }
    }

    private static Kept kept(DataFolder folder) {
        if (!folder.isUsable()) {
            Kept fresh = Kept.fresh();
            log.warn(
                    "the data folder {} cannot be written: this node is called {} until it stops",
                    folder.path(),
                    fresh.name());
            return fresh;
        }
        folder.lock();
        String text = folder.read(FILE).orElse(null);
        if (text == null) {
            Kept fresh = Kept.fresh();
            folder.write(FILE, fresh.toString());
            return fresh;
        }
        try {
            return Kept.read(text);
        } catch (IllegalArgumentException e) {
            throw new StartRefused(
                    "The file %s says '%s', which is no node's name and place."
                            .formatted(folder.path().resolve(FILE), text),
                    "Remove the file: this server is a new node then.",
                    e);
        }
    }

    private static String host() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            int dot = name.indexOf('.');
            String host = (dot > 0 ? name.substring(0, dot) : name).replaceAll("[^\\w-]", "");
            return host.isEmpty() ? "node" : host.substring(0, Math.min(63, host.length()));
        } catch (UnknownHostException e) {
            return "node";
        }
    }
}
