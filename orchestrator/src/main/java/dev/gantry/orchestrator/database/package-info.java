/**
 * The connection to PostgreSQL: one that the server brings along and keeps in its data folder, or
 * an external one. Migrations have run before anybody gets a connection.
 */
@ApplicationModule(allowedDependencies = {"installation"})
@NullMarked
package dev.gantry.orchestrator.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
