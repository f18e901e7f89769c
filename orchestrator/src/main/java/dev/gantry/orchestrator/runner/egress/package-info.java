/** Decides where Gantry itself may connect to on behalf of a tenant. */
@NullMarked
package dev.gantry.orchestrator.runner.egress;

import org.jspecify.annotations.NullMarked;
