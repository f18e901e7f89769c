@NullMarked
package dev.gantry.adapter.lambda;

import org.jspecify.annotations.NullMarked;
