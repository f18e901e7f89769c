/** Runs steps as AWS Lambda functions. */
@NullMarked
package dev.gantry.adapter.lambda;

import org.jspecify.annotations.NullMarked;
