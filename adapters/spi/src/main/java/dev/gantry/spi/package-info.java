/**
 * The runner adapter contract: what a backend must do so that Gantry can run steps on it.
 *
 * <p>The contract is ADR-007's {@code provision → run → collect → teardown}, with what real
 * backends need around it: an adapter can be asked what is there ({@link
 * dev.gantry.spi.RunnerAdapter#probe}), can go on observing after a restart ({@link
 * dev.gantry.spi.RunnerAdapter#reattach}), can stop work and prove that it is dead ({@link
 * dev.gantry.spi.RunnerAdapter#cancel}), and can list everything that it owns ({@link
 * dev.gantry.spi.RunnerAdapter#owned}). The package depends on the JDK and JSpecify only. The suite
 * in {@code gantry-adapter-contract} proves an implementation.
 */
@NullMarked
package dev.gantry.spi;

import org.jspecify.annotations.NullMarked;
