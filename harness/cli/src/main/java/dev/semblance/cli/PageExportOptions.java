package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.trace.position.PositionRange;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a page of a recording goes into a file. */
final class PageExportOptions {

    private static final long DEFAULT_SIZE = 20_000_000;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            converter = Converters.FilePath.class,
            description =
                    "Write the page into one file of HTML with the trace in it, which needs no server, no network and nothing installed,"
                            + " and serve nothing. It has all that was shown and typed in it.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description =
                    "How large that file may be, such as 500K or 50M; 20M if not given. A longer part of a trace is refused.")
    private Optional<Long> size = Optional.empty();

    /**
     * A page to write.
     *
     * @param file where it goes
     * @param range the events that go into it
     * @param size the most bytes it may have
     */
    record Export(Path file, PositionRange range, long size) {}

    /**
     * Returns the page to write, if there is one.
     *
     * @param page the options of a page that is served
     */
    Optional<Export> export(PageOptions page) {
        if (file.isEmpty()) {
            if (!range.range().isWhole() || size.isPresent()) {
                throw new CommandException(ExitCode.USAGE, "--from, --to and --max-size go with --export FILE");
            }
            return Optional.empty();
        }
        if (page.isAnySaid()) {
            throw new CommandException(
                    ExitCode.USAGE, "--port and --no-open go without --export, which serves and opens nothing");
        }
        return Optional.of(new Export(file.get(), range.range(), size.orElse(DEFAULT_SIZE)));
    }
}
