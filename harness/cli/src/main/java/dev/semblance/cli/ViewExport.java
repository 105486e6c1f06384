package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.util.Text;
import dev.semblance.harness.view.TraceExport;
import dev.semblance.harness.view.ViewedTrace;
import dev.semblance.harness.view.ViewedVerdict;
import dev.semblance.live.ExportedPage;
import dev.semblance.live.Viewing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the page of a recording into a file. */
final class ViewExport {

    private final Viewing.Replayer replayer;
    private final Terminal terminal;

    /**
     * Makes one.
     *
     * @param replayer replays a trace, and tells the cycle now and then
     * @param terminal where it says what it did
     */
    ViewExport(Viewing.Replayer replayer, Terminal terminal) {
        this.replayer = replayer;
        this.terminal = terminal;
    }

    /**
     * Writes the page.
     *
     * @param file the trace
     * @param export what goes into the page, and where that goes
     * @param inputs the files that the user named
     */
    ExitCode write(TraceFile file, PageExportOptions.Export export, List<Path> inputs) {
        try (Outlet outlet = Outlet.of(export.file(), terminal, inputs)) {
            ExitCode ending = TraceProblems.ending(file.path(), terminal);
            PositionRange.Events events = events(file, export.range());
            ViewedVerdict verdict = new ViewedVerdict(replayer.replay(file, cycle -> {}));
            ExportedPage page = ExportedPage.of(file.name());
            try (ViewedTrace trace = ViewedTrace.open(file, cycle -> {});
                    OutputFile out = OutputFile.create(outlet.path())) {
                Map<String, List<byte[]>> parts =
                        TraceExport.of(trace, events, verdict, page.bytes(), export.size(), cycle -> {});
                page.write(out.stream(), parts);
                out.flush();
                out.commit();
            }
            outlet.deliver();
            if (!outlet.isStandardOutput()) {
                terminal.out().println(Text.format("%s: %,d bytes", outlet, Files.size(outlet.path())));
            }
            return ending;
        } catch (IOException e) {
            throw TraceProblems.of(file, e);
        }
    }

    private static PositionRange.Events events(TraceFile file, PositionRange range) throws IOException {
        if (range.isWhole()) {
            return new PositionRange.Events(0, Long.MAX_VALUE);
        }
        try (TraceReader reader = TraceReader.open(file.path())) {
            return range.find(reader, file);
        }
    }
}
