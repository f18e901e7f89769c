@NullMarked
package dev.gantry.provider.aws;

import org.jspecify.annotations.NullMarked;
