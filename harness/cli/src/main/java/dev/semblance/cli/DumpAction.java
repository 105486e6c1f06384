package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Prints a trace event by event, as it is read. */
final class DumpAction {

    /** How many lines are printed before looking whether anybody still reads them. */
    private static final int LINES_AT_ONCE = 512;

    private final Terminal terminal;
    private final UnaryOperator<String> names;

    DumpAction(Terminal terminal) {
        this(terminal, UnaryOperator.identity());
    }

    /**
     * Makes the action.
     *
     * @param names turns texts with paths of traces into what to print
     */
    DumpAction(Terminal terminal, UnaryOperator<String> names) {
        this.terminal = terminal;
        this.names = names;
    }

    ExitCode run(Actions.Dump dump) {
        Path named = Path.of(names.apply(dump.trace().toString()));
        try (TraceReader reader = TraceProblems.open(dump.trace())) {
            boolean read = dump.json() ? json(reader) : print(reader, new EventText(reader.manifest())::line);
            return read ? TraceProblems.ending(named, reader.status(), terminal) : ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(named, e);
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
