/** Runs Gherkin features in the form of the workflow language's conformance kit. */
@NullMarked
package dev.gantry.acceptance.conformance;

import org.jspecify.annotations.NullMarked;
