/**
 * What every adapter that runs processes needs: reading what a workload asks for, what its process
 * is given, what it prints, and what its end means.
 */
@NullMarked
package dev.gantry.process;

import org.jspecify.annotations.NullMarked;
