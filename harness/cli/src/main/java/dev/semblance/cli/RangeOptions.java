package dev.semblance.cli;

import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of verbs that work on a range of a trace. */
final class RangeOptions {

    /** How a position is written, for the description of a verb that takes one. */
    static final String NOTATION =
            "A position is event:N (or N alone), cycle:N, flush:N, snapshot:LABEL, command:NAME:N, start or end; numbers"
                    + " count from 0, and may be written 71,000,000 or 71_000_000.";

    @Option(
            names = "--from",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description = "Where the range starts, such as flush:10; without it, at the start of the trace.")
    private Optional<Position> from = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "POSITION",
            converter = Converters.PositionOf.class,
            description = "Where the range ends, such as snapshot:login; without it, at the end of the trace.")
    private Optional<Position> to = Optional.empty();

    /** Returns the range that is asked for. */
    PositionRange range() {
        return PositionRange.between(from, to);
    }
}
