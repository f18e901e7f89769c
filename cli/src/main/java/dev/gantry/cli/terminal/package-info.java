/** What people see: colours, tables, timelines. Knows the shapes of the API, and never asks it. */
@NullMarked
package dev.gantry.cli.terminal;

import org.jspecify.annotations.NullMarked;
