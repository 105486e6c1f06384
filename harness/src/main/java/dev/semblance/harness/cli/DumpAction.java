package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.text.EventJson;
import dev.semblance.harness.text.EventText;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/** Prints a trace event by event, as it is read. */
final class DumpAction {

    /** How many lines are printed before looking whether anybody still reads them. */
    private static final int LINES_AT_ONCE = 512;

    private final Terminal terminal;

    DumpAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Dump dump) {
        try (TraceReader reader = TraceProblems.open(dump.trace())) {
            boolean read = dump.json() ? json(reader) : print(reader, new EventText(reader.manifest())::line);
            return read ? TraceProblems.ending(dump.trace(), reader.status(), terminal) : ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(dump.trace(), e);
        }
    }

    private boolean json(TraceReader reader) throws IOException {
        terminal.out().println(EventJson.header(reader.manifest(), reader.formatVersion()));
        return print(reader, new EventJson(reader.manifest())::line);
    }

    /** Prints all events; false if whoever reads the lines has gone, as {@code head} does. */
    private boolean print(TraceReader reader, Function<Stamped, String> line) throws IOException {
        int lines = 0;
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            terminal.out().println(line.apply(next.get()));
            lines++;
            if (lines % LINES_AT_ONCE == 0 && terminal.out().checkError()) {
                return false;
            }
        }
        return true;
    }
}
