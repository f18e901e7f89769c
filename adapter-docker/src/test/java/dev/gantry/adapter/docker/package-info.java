@NullMarked
package dev.gantry.adapter.docker;

import org.jspecify.annotations.NullMarked;
