package dev.gantry.cli;

import picocli.CommandLine.Command;

/** All commands together. */
@Command(
        name = "gantry",
        description = "Runs durable workflows, and talks to the server that does.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "'gantry help COMMAND' tells more. Exit codes: 0 done, 1 the workflow faulted or was",
            "cancelled, 2 wrong usage or input, 3 not found, 4 refused, 5 no server, 6 no permission,",
            "7 the server or the client failed."
        })
final class GantryCommand {}
