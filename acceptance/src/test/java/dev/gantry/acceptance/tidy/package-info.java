/** Keeps the repository tidy: what reviewers would otherwise have to say again and again. */
@NullMarked
package dev.gantry.acceptance.tidy;

import org.jspecify.annotations.NullMarked;
