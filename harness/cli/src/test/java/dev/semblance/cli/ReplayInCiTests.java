package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.PartObserver;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.TimeLimit;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.FailureType;
import dev.semblance.harness.report.ReplayTimes;
import dev.semblance.harness.report.TestCase;
import dev.semblance.harness.report.TestSuite;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay} as a CI job runs it: several traces, bad ones among them, and what is written for the CI system. */
class ReplayInCiTests {

    @TempDir
    private Path folder = Path.of("");

    private String out = "";

    private ExitCode replay(List<Path> traces, int jobs, Optional<Duration> timeout, ReplayCommand.Ci ci) {
        StringWriter text = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(text), new PrintWriter(text), false);
        try {
            return new ReplayCommand(Environments.timeless(terminal, Recordings::images))
                    .run(new ReplayCommand.Request(
                            traces.stream().map(TraceFile::of).toList(),
                            TraceReplay.Kind.BOTH,
                            new GoldenOptions.Settings(
                                    Optional.of(folder.resolve("golden")), Optional.empty(), List.of()),
                            ReplayCommand.Required.WHERE_THERE_IS_A_PLACE,
                            Optional.of(folder.resolve("report")),
                            Optional.empty(),
                            ci,
                            new ReplayCommand.Pace(jobs, timeout)));
        } finally {
            out = text.toString();
        }
    }

    private List<Path> traces() throws IOException {
        List<Path> traces = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            Path trace = folder.resolve(Text.format("box%d.trace", i));
            DisplayWorkload.damage(trace, 10 * (6 - i));
            traces.add(trace);
        }
        traces.add(2, Files.writeString(folder.resolve("bad.trace"), "no trace"));
        ImageFiles.writePng(Frame.solid(1024, 768, 0xffff_0000), folder.resolve("golden/box2/end.png"));
        return traces;
    }

    @Test
    void theOutputIsTheSameForAnyNumberOfJobs() throws IOException {
        List<Path> traces = traces();
        Path junit = folder.resolve("junit.xml");
        Path summary = folder.resolve("summary.md");
        ReplayCommand.Ci ci = new ReplayCommand.Ci(Optional.of(junit), true, Optional.of(summary), false);
        assertThat(replay(traces, 1, Optional.empty(), ci)).isEqualTo(ExitCode.CORRUPT);
        String first = out;
        String firstXml = Files.readString(junit);
        String firstSummary = Files.readString(summary);
        Files.delete(summary);
        assertThat(first)
                .contains("::error file=box2.trace,title=box2%3A snapshot end%3A IMAGE::Snapshot end differs")
                .contains("::error file=bad.trace,title=bad%3A replay%3A CORRUPT::")
                .contains("6 traces: 0 passed, 6 failed");
        assertThat(firstXml)
                .contains("<testsuite name=\"bad\" tests=\"1\" failures=\"0\" errors=\"1\"")
                .contains("<failure type=\"IMAGE\" message=\"Snapshot end has no golden")
                .contains("<skipped message=\"no machine replay: ")
                // What fails may be named with its path, but no test is.
                .doesNotContainPattern("(name|file)=\"[^\"]*" + folder.getFileName());
        for (int jobs : List.of(2, 4)) {
            assertThat(replay(traces, jobs, Optional.empty(), ci)).isEqualTo(ExitCode.CORRUPT);
            assertThat(out).isEqualTo(first);
            assertThat(junit).content(StandardCharsets.UTF_8).isEqualTo(firstXml);
            assertThat(summary).content(StandardCharsets.UTF_8).isEqualTo(firstSummary);
            Files.delete(summary);
        }
    }

    @Test
    void aFileOfSomebodyElseInTheFolderOfTheReportStaysAndNothingIsReplayed() throws IOException {
        Path theirs = Files.writeString(
                Files.createDirectories(folder.resolve("report")).resolve("index.html"), "mine");
        assertThatThrownBy(() -> replay(traces(), 1, Optional.empty(), ReplayCommand.Ci.NONE))
                .isInstanceOf(UnusableOutputException.class)
                .hasMessageEndingWith(
                        "report/index.html cannot be written: it was not written by a replay; name another"
                                + " folder with --report");
        assertThat(theirs).content().isEqualTo("mine");
        assertThat(folder.resolve("report").toFile().list()).containsExactly("index.html");
    }

    /** The report is for people; what a CI system reads of the same replays does not hang on it. */
    @Test
    void aReportThatCannotBeWrittenCostsTheCiSystemNothing() throws IOException {
        List<Path> traces = traces();
        Path junit = folder.resolve("junit.xml");
        Path summary = folder.resolve("summary.md");
        Path inTheWay = Files.createDirectories(folder.resolve("report/box2/end.diff.png/x"));
        ReplayCommand.Ci ci = new ReplayCommand.Ci(Optional.of(junit), true, Optional.of(summary), false);
        assertThatThrownBy(() -> replay(traces, 1, Optional.empty(), ci))
                .isInstanceOf(UnusableOutputException.class)
                .hasMessageContaining("report/box2/end.diff.png cannot be written");
        assertThat(inTheWay).isDirectory();
        assertThat(junit).content().contains("<testsuite name=\"box2\"", "<testsuite name=\"box5\"");
        assertThat(summary).content().contains("box5");
        assertThat(out)
                .contains("6 traces: 0 passed, 6 failed", "::error file=box5.trace,")
                .doesNotContain("report: ");
    }

    @Test
    void ofAllThatCannotBeWrittenTheFirstIsTheEndAndTheRestIsTried() throws IOException {
        List<Path> traces = traces();
        Files.createDirectories(folder.resolve("report/box2/end.diff.png/x"));
        Path junit = folder.resolve("junit.xml");
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file").resolve("summary.md");
        ReplayCommand.Ci ci = new ReplayCommand.Ci(Optional.of(junit), true, Optional.of(blocked), false);
        assertThatThrownBy(() -> replay(traces, 1, Optional.empty(), ci))
                .hasMessageContaining("report/box2/end.diff.png cannot be written")
                .satisfies(problem -> assertThat(problem.getSuppressed())
                        .singleElement(InstanceOfAssertFactories.THROWABLE)
                        .hasMessageContaining("blocked/summary.md"));
        assertThat(junit).content().contains("<testsuite name=\"box5\"");
    }

    @Test
    void aShardWithoutTracesPasses() {
        assertThat(replay(List.of(), 1, Optional.empty(), ReplayCommand.Ci.NONE))
                .isEqualTo(ExitCode.PASS);
        assertThat(out).contains("0 traces: 0 passed, 0 failed");
    }

    /** A made-up trace of a machine that is to run for half a year. */
    private Path endless() {
        Path good = Recordings.cursor();
        List<Stamped> events = new ArrayList<>(Recordings.events(good).subList(0, 20));
        events.add(new Stamped(
                20, 900_000_000_000_000L, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[32])));
        return Recordings.write(folder.resolve("endless.trace"), Recordings.manifest(good), events);
    }

    /** Replays on a clock that goes on by a second whenever it is looked at. */
    private static TraceVerdict replay(Path trace, TraceReplay.Kind kind, Optional<Duration> limit) {
        AtomicLong clock = new AtomicLong();
        return new TraceReplay(
                        Recordings.images(),
                        List.of(),
                        kind,
                        new TimeLimit(limit, () -> clock.addAndGet(1_000_000_000)))
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
    }

    private static TestCase.Failed failure(TraceVerdict verdict) {
        TestSuite suite = TestSuite.of(verdict, ReplayTimes.NONE);
        return (TestCase.Failed) suite.cases().getFirst().result();
    }

    @Test
    void aTraceThatNeverEndsIsEndedAndFails() {
        for (TraceReplay.Kind kind : List.of(TraceReplay.Kind.MACHINE, TraceReplay.Kind.BOTH)) {
            TraceVerdict verdict = replay(endless(), kind, Optional.of(Duration.ofMillis(300)));
            assertThat(verdict.exitCode()).isEqualTo(ExitCode.MISMATCH);
            assertThat(failure(verdict).type()).isEqualTo(FailureType.TIMEOUT);
            assertThat(failure(verdict).message())
                    .isEqualTo("the replay was ended after 0.3 seconds, the most that it may take");
        }
    }

    /** docs/CI.md: each replay and each comparison has a time of its own; a replay that fails has one too. */
    @Test
    void whatATraceIsReplayedForBeginsAndEndsOnce() throws IOException {
        Path good = Recordings.cursor();
        List<Stamped> events = new ArrayList<>(Recordings.events(good).subList(0, 3));
        TraceEvent.Snapshot snapshot = Recordings.events(good).stream()
                .map(Stamped::event)
                .filter(TraceEvent.Snapshot.class::isInstance)
                .map(TraceEvent.Snapshot.class::cast)
                .findFirst()
                .orElseThrow();
        long cycle = events.getLast().cycle();
        // It is not what is shown there: both replays differ at it, and the device replay goes on to compare it.
        events.add(new Stamped(3, cycle, snapshot));
        events.add(new Stamped(4, cycle, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[32])));
        Path trace = Recordings.write(folder.resolve("short.trace"), Recordings.manifest(good), events);
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        PartObserver observer = new PartObserver() {
            @Override
            public void begins(ReplaySubject part) {
                told.add("begins " + part.title());
            }

            @Override
            public void ends(ReplaySubject part) {
                told.add("ends " + part.title());
            }
        };
        TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.BOTH)
                .replay(
                        TraceFile.of(trace),
                        new Goldens("t", Optional.empty()),
                        PictureKeeper.IN_MEMORY,
                        observer,
                        unused -> {});
        assertThat(verdict).isInstanceOf(TraceVerdict.Replayed.class);
        String compared = "snapshot " + snapshot.label();
        assertThat(told.stream().filter(line -> !line.endsWith("machine replay")))
                .containsExactly(
                        "begins device replay", "begins " + compared, "ends " + compared, "ends device replay");
        // The search for the images is a part of it.
        assertThat(told.stream().filter(line -> line.endsWith("machine replay")))
                .containsExactly(
                        "begins machine replay", "ends machine replay", "begins machine replay", "ends machine replay");
    }

    @Test
    void aMistakeOfOursIsThatTracesVerdictAndNobodyElses() throws IOException {
        Path trace = folder.resolve("box.trace");
        DisplayWorkload.damage(trace, 2);
        TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {
                    throw new IllegalStateException("lost");
                });
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.INTERNAL);
        TestCase.Failed crash = failure(verdict);
        assertThat(crash.type()).isEqualTo(FailureType.CRASH);
        assertThat(crash.message()).contains("internal error", "IllegalStateException: lost");
        assertThat(crash.details()).anyMatch(line -> line.startsWith("at dev.semblance"));
    }

    @Test
    void whatDiffersHasItsType() throws IOException {
        assertThat(typeWhere(TraceEvent.Command.class, ReplayInCiTests::withOtherLength))
                .isEqualTo(FailureType.RESPONSE);
        assertThat(typeWhere(TraceEvent.Flush.class, ReplayInCiTests::withOtherPicture))
                .isEqualTo(FailureType.IMAGE);
        // The device does what nobody told of.
        assertThat(typeWhere(TraceEvent.Flush.class, event -> new TraceEvent.ConsoleOutput((byte) 'x')))
                .isEqualTo(FailureType.DIVERGENCE);
    }

    /** Returns the type of the failure where the first event of a kind is edited. */
    private FailureType typeWhere(Class<? extends TraceEvent> kind, UnaryOperator<TraceEvent> edit) throws IOException {
        Path trace = folder.resolve("box.trace");
        DisplayWorkload.damage(trace, 2);
        List<Stamped> events = new ArrayList<>(Recordings.events(trace));
        for (int i = 0; i < events.size(); i++) {
            Stamped event = events.get(i);
            if (kind.isInstance(event.event())) {
                events.set(i, new Stamped(event.sequence(), event.cycle(), edit.apply(event.event())));
                break;
            }
        }
        Path edited = Recordings.write(folder.resolve("edited.trace"), Recordings.manifest(trace), events);
        return failure(replay(edited, TraceReplay.Kind.DEVICE, Optional.empty()))
                .type();
    }

    private static TraceEvent withOtherLength(TraceEvent event) {
        TraceEvent.Command command = (TraceEvent.Command) event;
        return new TraceEvent.Command(
                command.device(),
                command.queue(),
                command.head(),
                command.descriptors(),
                command.payload(),
                command.usedLength() + 1,
                command.notification());
    }

    private static TraceEvent withOtherPicture(TraceEvent event) {
        TraceEvent.Flush flush = (TraceEvent.Flush) event;
        return new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1);
    }
}
