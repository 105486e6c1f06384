package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.record.live.Pace;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a live page: docs/LIVE.md. */
final class LiveOptions {

    /** The paces, as the command line names them. */
    enum PaceWord {
        real,
        max
    }

    @Option(
            names = "--live",
            description = "Show the guest in a page of the browser, which has its screens, keyboard, mouse and serial"
                    + " console, and controls the run (docs/LIVE.md). Its address is on standard error.")
    private boolean live;

    @Option(
            names = "--pace",
            paramLabel = "PACE",
            description = "How fast guest time goes by where a person takes part: real, or max (default: real).")
    private Optional<PaceWord> pace = Optional.empty();

    @Mixin
    private PageOptions place = new PageOptions();

    /**
     * A page to serve.
     *
     * @param port where, 0 for any port that is free
     * @param opens whether the browser is opened
     */
    record Page(Pace pace, int port, boolean opens) {}

    /** Returns the pace that was asked for, real time if none was. */
    Pace pace() {
        return switch (pace.orElse(PaceWord.real)) {
            case real -> Pace.REAL;
            case max -> Pace.MAX;
        };
    }

    boolean hasPace() {
        return pace.isPresent();
    }

    /** Returns the page that was asked for, if one was. */
    Optional<Page> page() {
        if (!live && place.isAnySaid()) {
            throw new CommandException(
                    ExitCode.USAGE, "--port and --no-open are about the page of --live, which is missing");
        }
        return live ? Optional.of(new Page(pace(), place.port(), place.opens())) : Optional.empty();
    }
}
