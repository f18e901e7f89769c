/** The command line client: talks to a server over HTTP, and starts one. */
@NullMarked
package dev.gantry.cli;

import org.jspecify.annotations.NullMarked;
