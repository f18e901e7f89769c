/** Load and micro benchmarks, with peers measured side by side. */
@NullMarked
package dev.gantry.benchmarks;

import org.jspecify.annotations.NullMarked;
