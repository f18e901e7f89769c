package dev.gantry.orchestrator.installation;

import org.jdbi.v3.core.Jdbi;

/** Reads the installation's id, which the first migration made. */
final class JdbiInstallation {
    private JdbiInstallation() {}

    static Installation read(Jdbi jdbi) {
        return jdbi.withHandle(handle ->
                handle.createQuery("select id::text from installation")
                        .mapTo(String.class)
                        .map(Installation::new)
                        .one());
    }
}
