package dev.gantry.orchestrator.installation;

/**
 * Names what belongs together: all servers on one database, and their resources on every backend.
 *
 * @param id never changes in the life of a database
 */
public record Installation(String id) {}
