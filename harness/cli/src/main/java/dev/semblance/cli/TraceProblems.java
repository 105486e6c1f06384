package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.pack.PackReader;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;

/** What can be wrong with a trace file, as errors for people with the right exit code. */
final class TraceProblems {

    private TraceProblems() {}

    /** Opens a trace; what is wrong with it becomes a {@link SemblanceException}. */
    static TraceReader open(Path trace) {
        return open(TraceFile.of(trace));
    }

    /** Opens a trace; what is wrong with it becomes a {@link SemblanceException}. */
    static TraceReader open(TraceFile trace) {
        try {
            return TraceReader.open(trace.path());
        } catch (IOException e) {
            throw of(trace, e);
        }
    }

    /**
     * Returns the error for what came out of reading a trace, and perhaps writing something made of it.
     *
     * @param trace what to call it: a path or a {@link TraceFile}
     */
    static SemblanceException of(Object trace, IOException problem) {
        return switch (problem) {
            case IncompatibleTraceException e ->
                new CommandException(
                        ExitCode.INCOMPATIBLE,
                        Text.format("%s cannot be read by this version (byte %d): %s", trace, e.offset(), e.reason()),
                        e);
            case TraceFormatException e ->
                isPack(trace)
                        ? new CommandException(
                                ExitCode.USAGE,
                                Text.format(
                                        "%s is a pack, which replay, info and dump take; tar -xf %s gives the traces in it",
                                        trace, trace),
                                e)
                        : new CommandException(
                                ExitCode.CORRUPT,
                                Text.format("%s is not a valid trace: at byte %d, %s", trace, e.offset(), e.reason()),
                                e);
            default -> UnusableInputException.unreadable(trace, problem);
        };
    }

    private static boolean isPack(Object trace) {
        return trace instanceof Path file && PackReader.isPack(file);
    }

    /** Returns how a command ends that has made something of a trace, and says so if that was torn. */
    static ExitCode ending(Path trace, Terminal terminal) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            while (reader.next().isPresent()) {
                // Only its end tells.
            }
            return ending(trace, reader.status(), terminal);
        }
    }

    /** Returns how a command ends that had read a trace to its end, and says so if the trace is torn. */
    static ExitCode ending(Object trace, TraceStatus status, Terminal terminal) {
        return switch (status) {
            case TraceStatus.Complete complete -> ExitCode.PASS;
            case TraceStatus.Torn torn -> {
                terminal.out().flush();
                terminal.err()
                        .println(Text.format(
                                "semblance: %s is torn at byte %d: %s; %s good",
                                trace,
                                torn.offset(),
                                torn.reason(),
                                Text.count(torn.totals().events(), "event before that is", "events before that are")));
                yield ExitCode.TORN;
            }
        };
    }
}
