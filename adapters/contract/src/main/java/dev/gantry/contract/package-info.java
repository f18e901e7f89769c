/** The contract kit: what every runner adapter's tests extend to prove what it claims. */
@NullMarked
package dev.gantry.contract;

import org.jspecify.annotations.NullMarked;
