@NullMarked
package dev.gantry.cli.document;

import org.jspecify.annotations.NullMarked;
