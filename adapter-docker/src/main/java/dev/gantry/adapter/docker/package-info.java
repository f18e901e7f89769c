/** Runs steps as Docker containers. */
@NullMarked
package dev.gantry.adapter.docker;

import org.jspecify.annotations.NullMarked;
