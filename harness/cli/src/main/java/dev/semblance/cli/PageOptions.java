package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a page is served, and who opens it. */
final class PageOptions {

    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port of 127.0.0.1 that the page is at; any free one if not given.")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--no-open", description = "Do not open the browser.")
    private boolean closed;

    /** Returns whether any was said. */
    boolean isAnySaid() {
        return port.isPresent() || closed;
    }

    /** Returns the port, 0 for any that is free. */
    int port() {
        int number = port.orElse(0);
        if (number < 0 || number > MAX_PORT) {
            throw new CommandException(ExitCode.USAGE, "a port is a number from 1 to 65535");
        }
        return number;
    }

    /** Returns whether the browser is opened. */
    boolean opens() {
        return !closed;
    }
}
