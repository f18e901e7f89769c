/** Starts servers, and remembers where they are. */
@NullMarked
package dev.gantry.cli.server;

import org.jspecify.annotations.NullMarked;
