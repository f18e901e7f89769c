package dev.gantry.cli;

import java.util.Map;

/** A command that has commands of its own. */
interface Group {
    /** In the order in which help lists them. */
    Map<String, Object> commands();
}
