@NullMarked
package dev.gantry.process;

import org.jspecify.annotations.NullMarked;
