package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptWriter;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.rig.TraceStep;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a trace event by event, as it is read. */
@Command(
        name = "dump",
        header = "Print a trace, event by event, with its commands decoded.",
        description = {
            "With --from, --to, --only and --grep, a part of it: the events that all of them take. With --json, the line of"
                    + " the manifest always comes first.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance dump recordings/flips.trace | less",
            "  semblance dump --json mine.trace | jq 'select(.event == \"flush\")'",
            "  semblance dump mine.trace --from flush:10 --to flush:12 --only gpu,flush",
            "  semblance dump mine.trace --only RESOURCE_FLUSH --grep ERR_",
            "  semblance dump --script mine.trace > mine.jsonl    to change and exec it"
        })
final class DumpCommand extends Subcommand<DumpCommand.Request> {

    /** How many lines are printed before looking whether anybody still reads them. */
    private static final int LINES_AT_ONCE = 512;

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    /** What to print in place of lines for people; one of them at most. */
    private static final class Form {
        @Option(names = "--json", description = "One JSON object a line, for programs.")
        private boolean json;

        @Option(
                names = "--script",
                description = "What the driver did to the GPU, as a script for exec (docs/SCRIPT.md).")
        private boolean script;
    }

    @ArgGroup
    private Form form = new Form();

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(
            names = "--only",
            paramLabel = "KIND",
            split = ",",
            completionCandidates = Kinds.class,
            description =
                    "Print only events of these kinds: a device, such as gpu; an event by its name in --json, such as"
                            + " flush; a command, such as RESOURCE_FLUSH. Several are divided by commas.")
    private List<String> only = List.of();

    @Option(
            names = "--grep",
            paramLabel = "TEXT",
            description = "Print only lines that have this text in them, in upper and lower case as it stands.")
    private Optional<String> grep = Optional.empty();

    /** How a trace is printed. */
    enum Style {
        /** Lines for people. */
        TEXT,
        /** A JSON object a line. */
        JSON,
        /** The device half as a script. */
        SCRIPT
    }

    /** The kinds that every trace can have. */
    static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(EventKinds.names().stream(), EventKinds.commandNames().stream())
                    .iterator();
        }
    }

    /**
     * Which events are printed: those that all three take.
     *
     * @param only kinds of events; none for all
     * @param grep what is in their lines
     */
    record Choice(PositionRange range, List<String> only, Optional<String> grep) {

        /** All of them. */
        static final Choice ALL = new Choice(PositionRange.WHOLE, List.of(), Optional.empty());
    }

    /** A trace to print. */
    record Request(Path trace, Style style, Choice choice) {

        /** All of a trace. */
        Request(Path trace, Style style) {
            this(trace, style, Choice.ALL);
        }
    }

    DumpCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        Choice choice = new Choice(range.range(), List.copyOf(only), grep);
        if (form.script && !choice.equals(Choice.ALL)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--script prints no events that --from, --to, --only and --grep could choose from, and a part of a"
                            + " script does not run; make a shorter trace with trim, and dump that");
        }
        return new Request(
                InputFiles.single(trace), form.script ? Style.SCRIPT : form.json ? Style.JSON : Style.TEXT, choice);
    }

    @Override
    ExitCode run(Request dump) {
        if (dump.style() == Style.SCRIPT) {
            return script(dump.trace());
        }
        try (OpenedPacks opened = OpenedPacks.of(List.of(TraceFile.of(dump.trace())))) {
            return events(opened.single(), dump);
        }
    }

    private ExitCode events(TraceFile trace, Request dump) {
        PositionRange.Events events = events(trace, dump.choice().range());
        try (TraceReader reader = TraceProblems.open(trace)) {
            EventFilter filter = EventFilter.of(reader.manifest(), dump.choice().only());
            Lines lines = new Lines(events, filter, dump.choice().grep());
            boolean read = dump.style() == Style.JSON ? json(reader, lines) : text(reader, lines);
            return read ? TraceProblems.ending(trace, reader.status(), terminal()) : ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private static PositionRange.Events events(TraceFile trace, PositionRange range) {
        if (range.isWhole()) {
            return new PositionRange.Events(0, Long.MAX_VALUE);
        }
        try (TraceReader reader = TraceProblems.open(trace)) {
            return range.find(reader, trace);
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private boolean text(TraceReader reader, Lines lines) throws IOException {
        EventText text = new EventText(reader.manifest());
        return lines.print(
                reader, text::line, text::pass, line -> terminal().out().println(line));
    }

    private boolean json(TraceReader reader, Lines lines) throws IOException {
        terminal().out().json(EventJson.header(reader.manifest(), reader.formatVersion()));
        EventJson json = new EventJson(reader.manifest());
        return lines.print(
                reader, json::line, json::pass, line -> terminal().out().json(line));
    }

    /** The lines of a trace that are wanted. */
    private final class Lines {
        private final PositionRange.Events events;
        private final EventFilter filter;
        private final Optional<String> grep;
        private int printed;

        Lines(PositionRange.Events events, EventFilter filter, Optional<String> grep) {
            this.events = events;
            this.filter = filter;
            this.grep = grep;
        }

        /**
         * Prints them, up to the last one that can be wanted.
         *
         * @param line makes the line of an event
         * @param pass takes an event whose line is not wanted, since later ones may depend on it
         * @return whether the trace was read to its end
         */
        boolean print(
                TraceReader reader, Function<Stamped, String> line, Consumer<TraceEvent> pass, Consumer<String> out)
                throws IOException {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                Stamped stamped = next.get();
                if (stamped.sequence() > events.last()) {
                    return false;
                }
                boolean wanted = filter.takes(stamped) && events.contains(stamped.sequence());
                if (!wanted) {
                    pass.accept(stamped.event());
                } else if (!print(line.apply(stamped), out)) {
                    return false;
                }
            }
            return true;
        }

        /** Prints a line, if it is wanted; false if whoever reads the lines has gone, as {@code head} does. */
        private boolean print(String line, Consumer<String> out) {
            if (grep.isPresent() && !line.contains(grep.get())) {
                return true;
            }
            out.accept(line);
            printed++;
            return printed % LINES_AT_ONCE != 0 || !terminal().out().checkError();
        }
    }

    /** Nobody reads the lines any more, as with {@code head}. */
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private ExitCode script(Path trace) {
        try {
            return TraceProblems.ending(trace, TraceScript.stream(trace, this::start, this::step), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        } catch (ScriptException e) {
            throw new CommandException(
                    ExitCode.CORRUPT, Text.format("%s makes no script: %s", trace, e.getMessage()), e);
        } catch (Gone e) {
            return ExitCode.PASS;
        }
    }

    private void start(RigSettings settings) {
        ScriptWriter.settings(settings).ifPresent(terminal().out()::json);
    }

    private void step(TraceStep step) {
        step.notes().forEach(note -> terminal().out().json(ScriptWriter.note(note)));
        terminal().out().json(ScriptWriter.line(step.line()));
        if (terminal().out().checkError()) {
            throw new Gone();
        }
    }
}
