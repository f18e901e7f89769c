/** What Gantry itself keeps in AWS's services. */
@NullMarked
package dev.gantry.provider.aws;

import org.jspecify.annotations.NullMarked;
