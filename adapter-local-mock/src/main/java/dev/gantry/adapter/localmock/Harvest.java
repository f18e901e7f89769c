package dev.gantry.adapter.localmock;

import dev.gantry.spi.ArtifactException;
import dev.gantry.spi.Collector;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Brings in output files. */
final class Harvest {
    private Harvest() {}

    /**
     * @param interrupted whether it breaks off before the last file that is wanted
     */
    static void files(Plan plan, Collector collector, boolean interrupted)
            throws ArtifactException {
        String name = plan.attempt.externalName();
        Values values = Values.of(plan.attempt);
        List<FileScript> files = plan.answer.files();
        int sent = 0;
        try {
            for (FileScript file : files) {
                if (interrupted && sent == files.size() / 2) {
                    break;
                }
                send(file, values, collector);
                sent++;
            }
        } catch (IOException e) {
            throw new ArtifactException(
                    Mishaps.collectBrokeOff(name, String.valueOf(e.getMessage())), e);
        }
        if (interrupted) {
            throw new ArtifactException(Mishaps.collectBrokeOff(name, "as scripted"));
        }
    }

    private static void send(FileScript file, Values values, Collector collector)
            throws IOException {
        long size = file.size(values);
        if (collector.wants(file.path(), size)) {
            try (InputStream content = file.open(values)) {
                collector.artifact(file.path(), size, content);
            }
        }
    }
}
