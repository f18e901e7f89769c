/** Talks to a server's REST API. */
@NullMarked
package dev.gantry.cli.client;

import org.jspecify.annotations.NullMarked;
