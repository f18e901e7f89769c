@NullMarked
package dev.gantry.cli.terminal;

import org.jspecify.annotations.NullMarked;
