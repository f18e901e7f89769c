/** Tests against the packaged server as a process, as its users meet it. */
@NullMarked
package dev.gantry.acceptance;

import org.jspecify.annotations.NullMarked;
