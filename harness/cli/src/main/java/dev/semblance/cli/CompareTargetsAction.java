package dev.semblance.cli;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.fuzz.matrix.ComparedTarget;
import dev.semblance.harness.fuzz.matrix.Place;
import dev.semblance.harness.fuzz.matrix.TargetComparison;
import dev.semblance.harness.fuzz.matrix.TargetMatrix;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.report.MatrixJson;
import dev.semblance.harness.report.MatrixPage;
import dev.semblance.harness.report.MatrixText;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compares targets and says what came of it. */
final class CompareTargetsAction {

    private static final RigSettings SMALL =
            new RigSettings(DeviceRig.RESERVED_BYTES + (1L << 16), DisplayConfig.single(16, 12));

    private final CliEnvironment environment;
    private final CompareTargetsCommand.Request request;

    CompareTargetsAction(CliEnvironment environment, CompareTargetsCommand.Request request) {
        this.environment = environment;
        this.request = request;
    }

    ExitCode run(Progress.Task progress) {
        request.report().ifPresent(CompareTargetsAction::prepare);
        request.targets().forEach(CompareTargetsAction::probe);
        TargetComparison comparison =
                new TargetComparison(request.targets(), request.seed(), request.time(), environment.nanos());
        long done = 0;
        try (OpenedPacks opened = OpenedPacks.of(request.traces())) {
            PolicySet policies = new PolicySet(
                    opened.traces(), request.goldens(), environment.today().get());
            TraceReplay replay = TraceReplay.ofDevice();
            for (TraceFile trace : opened.traces()) {
                comparison.replay(trace, replay, goldens(policies, trace), cycle -> {});
                progress.accept(++done);
            }
        }
        for (long number = request.scripts().first(); number < request.scripts().end(); number++) {
            comparison.run(number);
            progress.accept(++done);
        }
        return tell(comparison.result());
    }

    /** Makes room for a page: that of an earlier one goes. */
    private static void prepare(Path folder) {
        try {
            ReportFolder.checkIsFree(folder);
            ReportFolder.removeOld(folder);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Finds out whether a target can be used at all, before any of them is. */
    private static void probe(ComparedTarget target) {
        try (DeviceRig rig = DeviceRig.of(SMALL, target.maker().hearing(line -> true), new NoFrames())) {
            rig.start();
        } catch (UnusableTargetException e) {
            throw new UnusableTargetException(target.name() + ": " + e.getMessage(), e);
        }
    }

    private static Goldens goldens(PolicySet policies, TraceFile trace) {
        try {
            return policies.goldens(trace).orNone();
        } catch (IOException e) {
            throw UnusableInputException.unreadable("the folder of goldens for " + trace, e);
        }
    }

    private ExitCode tell(TargetMatrix matrix) {
        List<String> lines = MatrixText.lines(matrix, column -> line(script(column, "N")));
        Printer out = environment.terminal().out();
        if (request.json()) {
            out.json(MatrixJson.text(matrix));
        } else {
            lines.forEach(out::println);
        }
        out.flush();
        request.report().ifPresent(folder -> write(folder, matrix, lines));
        return matrix.exitCode();
    }

    private void write(Path folder, TargetMatrix matrix, List<String> lines) {
        ReportFolder report = new ReportFolder(folder, List.of());
        try {
            report.writeSummary(lines);
            Path page = report.page();
            MatrixPage.write(
                    page,
                    matrix,
                    new MatrixPage.Origin(
                            VersionProvider.version(),
                            VersionProvider.runtime(),
                            line(request.words()),
                            (column, place) -> line(again(column, place))));
            (request.json()
                            ? environment.terminal().err()
                            : environment.terminal().out())
                    .println("report: " + page);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static SemblanceException unwritable(IOException e) {
        return UnwritableException.in(e)
                .<SemblanceException>map(output -> UnusableOutputException.of(output.file(), output))
                .orElseGet(() ->
                        new CommandException(ExitCode.USAGE, "the report cannot be written: " + e.getMessage(), e));
    }

    private static String line(List<String> words) {
        return Invocation.line(words);
    }

    /** Returns the words that show again what was seen at a place on a target. */
    private List<String> again(int column, Place place) {
        return switch (place) {
            case Place.InScript script -> script(column, Long.toString(script.number()));
            case Place.InRecording recording -> {
                List<String> words = new ArrayList<>(List.of("replay"));
                words.addAll(request.specs().get(column).words());
                words.addAll(dialect(column));
                request.goldens().golden().ifPresent(folder -> words.addAll(List.of("--golden", folder.toString())));
                request.goldens().policy().ifPresent(file -> words.addAll(List.of("--policy", file.toString())));
                if (request.specs().get(column).isForeign()) {
                    words.addAll(List.of("--answers", "strict"));
                }
                words.add(recording.trace().source().toString());
                yield words;
            }
        };
    }

    /** Returns the words that run a script again on a target. */
    private List<String> script(int column, String number) {
        List<String> words = new ArrayList<>(
                List.of("compare-targets", "--seed", Long.toString(request.seed()), "--script", number));
        words.addAll(request.specs().get(column).timeoutWords());
        words.addAll(dialect(column));
        ComparedTarget target = request.targets().get(column);
        words.add(target.name() + "=" + target.target());
        return words;
    }

    private List<String> dialect(int column) {
        return request.dialects().get(column).stream()
                .flatMap(dialect -> Stream.of("--dialect", dialect))
                .toList();
    }
}
