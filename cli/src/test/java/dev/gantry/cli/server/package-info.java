@NullMarked
package dev.gantry.cli.server;

import org.jspecify.annotations.NullMarked;
