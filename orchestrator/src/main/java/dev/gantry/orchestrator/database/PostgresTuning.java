package dev.gantry.orchestrator.database;

import java.nio.file.Path;

/** The settings of the embedded PostgreSQL, for a machine of 2 to 8 cores that it shares. */
final class PostgresTuning {
    private PostgresTuning() {}

    /**
     * @param extra an operator's own settings, read last if the file is there
     */
    static String settings(Path extra) {
        return """
        # Written by Gantry at every start; put settings of your own into ../extra.conf.
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 100
        password_encryption = 'scram-sha-256'

        # What was acknowledged is on disk.
        fsync = on
        synchronous_commit = on
        full_page_writes = on

        shared_buffers = 256MB
        effective_cache_size = 1GB
        work_mem = 8MB
        maintenance_work_mem = 64MB
        random_page_cost = 1.1
        # Queries are short: compiling them costs more than it saves.
        jit = off

        # Few checkpoints, since each makes the next write of every page a full-page image.
        wal_buffers = 16MB
        min_wal_size = 256MB
        max_wal_size = 2GB
        checkpoint_timeout = 15min
        checkpoint_completion_target = 0.9

        # Hot tables change fast; their dead rows are removed soon and in small bites.
        autovacuum_naptime = 15s
        autovacuum_vacuum_cost_limit = 1000

        timezone = 'UTC'
        log_timezone = 'UTC'
        log_checkpoints = off
        log_min_duration_statement = 1s
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        include_if_exists = '%s'
        """
                .formatted(extra.toString().replace("'", "''"));
    }
}
