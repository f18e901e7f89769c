/** What every adapter that runs processes needs. */
@NullMarked
package dev.gantry.process;

import org.jspecify.annotations.NullMarked;
