/** Runs steps as deterministic fakes, with scripted results, faults and latency. */
@NullMarked
package dev.gantry.adapter.localmock;

import org.jspecify.annotations.NullMarked;
