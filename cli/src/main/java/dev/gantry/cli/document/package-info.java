/** Documents of workflows and functions, as they lie in files. */
@NullMarked
package dev.gantry.cli.document;

import org.jspecify.annotations.NullMarked;
