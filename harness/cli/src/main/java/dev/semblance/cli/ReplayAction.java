package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.playback.blame.DifferenceOrigins;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.PartObserver;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.PolicyUse;
import dev.semblance.harness.replay.ReplayCost;
import dev.semblance.harness.replay.TimeLimit;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.GithubAnnotations;
import dev.semblance.harness.report.JunitXml;
import dev.semblance.harness.report.ReplayJson;
import dev.semblance.harness.report.ReplayTimes;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.report.StepSummary;
import dev.semblance.harness.report.TestSuite;
import dev.semblance.harness.report.TextReport;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.translate.Translator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Replays traces and says what came of it. */
final class ReplayAction {

    private final Terminal terminal;
    private final GuestImages images;
    private final Optional<Translator> translator;
    private final LocalDate today;
    private final LongSupplier nanos;
    private final Path usualReport;

    ReplayAction(CliEnvironment environment, GuestImages images, Optional<Translator> translator) {
        this.terminal = environment.terminal();
        this.images = images;
        this.translator = translator;
        this.today = environment.today().get();
        this.nanos = environment.nanos();
        this.usualReport = environment.report();
    }

    ExitCode run(ReplayCommand.Request replays) {
        ReplayOutputs.check(replays);
        Path folder = replays.report().orElse(usualReport);
        try (OpenedPacks opened = OpenedPacks.of(replays.traces());
                TemporaryFolder temporary = TemporaryFolder.create()) {
            ReplayCommand.Request wanted = replays.of(opened);
            ReportFolder.checkIsFree(folder);
            ReportFolder.removeOld(folder);
            ReportFolder report = new ReportFolder(folder, wanted.traces());
            try (HtmlReports html = HtmlReports.of(replays, report)) {
                return new Run(wanted, report, html, PictureKeeper.in(temporary)).run();
            }
        } catch (IOException e) {
            throw cannotBeWritten(e);
        }
    }

    private static SemblanceException cannotBeWritten(IOException e) {
        Optional<UnwritableException> output = UnwritableException.in(e);
        return output.isPresent()
                ? UnusableOutputException.of(output.get().file(), output.get())
                : new CommandException(ExitCode.USAGE, "the report cannot be written: " + e.getMessage(), e);
    }

    /**
     * A trace whose turn comes.
     *
     * @param place its place among those that were named, from 0
     */
    private record Turn(int place, TraceFile trace, ReplayCost cost) {}

    /** A verdict and how long it took. Only reports tell the times: nothing is compared with them. */
    private record Timed(int place, TraceVerdict verdict, ReplayTimes times) {

        boolean lackedMemory() {
            return verdict instanceof TraceVerdict.Refused refused && refused.memoryLacked();
        }
    }

    /** Something to write. */
    private interface Output {
        void write() throws IOException;
    }

    /** One call of the verb. */
    private final class Run {
        private final ReplayCommand.Request replays;
        private final TraceReplay replay;
        private final DifferenceOrigins origins;
        private final PolicySet policies;
        private final PolicyUse use;
        private final ReportFolder report;
        private final HtmlReports html;
        private final PictureKeeper allowed;
        private final List<String> lines = new ArrayList<>();
        private final List<ExitCode> codes = new ArrayList<>();
        private final List<TraceVerdict.Standing> standings = new ArrayList<>();
        private final SortedMap<Integer, TestSuite> suites = new TreeMap<>();
        private final Progress progress;
        private final List<SemblanceException> problems = new ArrayList<>();
        private final ReplayJson json = new ReplayJson();
        private final Stopwatch stopwatch = new Stopwatch(nanos);
        private boolean written;

        /** Whether no further result is wanted; the threads that work on some look at it. */
        private volatile boolean over;

        Run(ReplayCommand.Request replays, ReportFolder report, HtmlReports html, PictureKeeper allowed) {
            this.allowed = allowed;
            this.replays = replays;
            this.replay = replay(replays);
            this.origins = new DifferenceOrigins(images, replays.goldens().images(), translator);
            this.policies = new PolicySet(replays.traces(), replays.goldens(), today);
            this.use = new PolicyUse(policies.all());
            this.report = report;
            this.html = html;
            this.progress = Totals.replaying(terminal, nanos, TraceFile.paths(replays.traces()));
            this.written = replays.report().isPresent();
        }

        private TraceReplay replay(ReplayCommand.Request wanted) {
            TraceReplay all = new TraceReplay(
                            images,
                            wanted.goldens().images(),
                            wanted.kind(),
                            new TimeLimit(wanted.pace().timeout(), nanos))
                    .translatedBy(translator);
            ReplayCommand.Request.Target target = wanted.target();
            TraceReplay into = target.device().isForeign()
                    ? all.into(target.device().device(BuiltinDevice.ours()), target.judgement())
                    : all;
            TraceReplay shown = wanted.choice().damage() ? into.showingDamage() : into;
            TraceReplay part = wanted.choice().until().map(shown::until).orElse(shown);
            TraceFilter filter = wanted.choice().filter();
            return filter.isAll() ? part : part.judging(filter::takes);
        }

        ExitCode run() {
            int notRun = replays.traces().size() - replayed();
            if (replays.choice().isWhole() && notRun == 0) {
                // Elsewhere it may just not have been their turn.
                use.unused().forEach(this::say);
            }
            say(TextReport.summary(standings, notRun));
            if (problems.isEmpty()) {
                attempt(() -> finishReport(notRun));
            }
            writeForCi(notRun);
            ExitCode code =
                    replays.ci().differencesFirst() ? ExitCode.differencesFirst(codes) : ExitCode.gravest(codes);
            if (replays.choice().json()) {
                ExitCode ended = problems.isEmpty() ? code : CommandException.exitCode(problems.getFirst());
                terminal.out().json(json.text(ended, standings, notRun));
            }
            terminal.out().flush();
            if (!problems.isEmpty()) {
                SemblanceException first = problems.getFirst();
                problems.stream().skip(1).forEach(first::addSuppressed);
                throw first;
            }
            return code;
        }

        /** Replays the traces; returns how many had their turn. */
        private int replayed() {
            List<Turn> turns = turns();
            begin(turns);
            try (progress) {
                return OrderedExecutor.runWhile(
                        turns,
                        Admission.Limits.ofProcess(replays.pace().jobs()),
                        new OrderedExecutor.Work<>(turn -> turn.cost().heapBytes(), this::timed, Timed::lackedMemory),
                        this::take);
            }
        }

        /**
         * Returns the traces in the order in which they are replayed and told of, which is the same on every computer. The longest is first,
         * since whatever is last keeps all but one processor waiting.
         */
        private List<Turn> turns() {
            List<Turn> turns = new ArrayList<>();
            for (TraceFile trace : replays.traces()) {
                turns.add(new Turn(turns.size(), trace, ReplayCost.of(trace, replays.kind())));
            }
            turns.sort(
                    Comparator.comparing(Turn::cost, ReplayCost.LONGEST_FIRST).thenComparingInt(Turn::place));
            return turns;
        }

        /** Says what is ahead: the first verdict is that of the longest, which takes its time. */
        private void begin(List<Turn> turns) {
            if (turns.size() < 2 || replays.choice().json() || terminal.shows() == Terminal.Shows.NOTHING) {
                return;
            }
            String traces = Text.count(turns.size(), "trace");
            boolean known =
                    turns.stream().allMatch(turn -> turn.cost().instructions().isPresent());
            long instructions = turns.stream()
                    .mapToLong(turn -> turn.cost().instructions().orElse(0))
                    .reduce(0, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
            terminal.out()
                    .println(
                            known && instructions >= 1_000_000
                                    ? Text.format(
                                            "replaying %s of %,d million instructions, the longest first",
                                            traces, instructions / 1_000_000)
                                    : Text.format("replaying %s, the longest first", traces));
            terminal.out().flush();
        }

        /** Returns where what is not a result of a replay is told. */
        private Printer aside() {
            return replays.choice().json() ? terminal.err() : terminal.out();
        }

        /** Does something; if it cannot, what others read of these replays is written all the same. */
        private void attempt(Output output) {
            try {
                output.write();
            } catch (IOException e) {
                problems.add(cannotBeWritten(e));
            }
        }

        private void finishReport(int notRun) throws IOException {
            List<String> told = new ArrayList<>();
            if (written) {
                told.add(report.writeSummary(lines).toString());
            }
            html.finish(notRun, stopwatch.times().whole()).forEach(page -> told.add(page.toString()));
            if (!told.isEmpty()) {
                aside().println("report: " + String.join(" and ", told.reversed()));
            }
        }

        private Timed timed(Turn turn) {
            Stopwatch stopwatch = new Stopwatch(nanos);
            TraceVerdict verdict = verdict(turn.trace(), stopwatch);
            return new Timed(turn.place(), verdict, stopwatch.times());
        }

        private TraceVerdict verdict(TraceFile trace, PartObserver parts) {
            try (Progress.Task task = progress.begin(String.valueOf(trace.path().getFileName()))) {
                return verdict(trace, parts, task);
            }
        }

        private Goldens goldens(TraceFile trace) {
            Goldens goldens = policies.goldens(trace);
            try {
                return switch (replays.required()) {
                    case EVERYWHERE -> goldens.required(true);
                    case WHERE_THERE_IS_A_PLACE -> goldens;
                    case NOWHERE -> goldens.orNone();
                };
            } catch (IOException e) {
                throw UnusableInputException.unreadable("the folder of goldens for " + trace, e);
            }
        }

        private TraceVerdict verdict(TraceFile trace, PartObserver parts, LongConsumer progress) {
            try {
                // A trace of which nothing is told leaves nothing in the report.
                PictureKeeper keeper = replays.choice().failFast() ? allowed : report.keeper(trace, allowed);
                TraceVerdict verdict = replay.replay(trace, goldens(trace), keeper, parts, cycle -> {
                    if (over) {
                        throw new IllegalStateException("nobody waits for this replay any more");
                    }
                    progress.accept(cycle);
                });
                // Of another device's pictures, the trace does not tell where they came from.
                return replays.target().device().isForeign() ? verdict : origins.addTo(verdict);
            } catch (SemblanceException e) {
                // The other traces have their turn all the same.
                return new TraceVerdict.Refused(trace, CommandException.exitCode(e), String.valueOf(e.getMessage()));
            }
        }

        /** Takes the next result; it keeps no pictures of it. Returns whether the next trace has its turn. */
        private boolean take(Timed timed) {
            TraceVerdict verdict = timed.verdict();
            TextReport.lines(verdict).forEach(this::say);
            List<ReportFolder.Written> pictures = new ArrayList<>();
            if (problems.isEmpty()) {
                attempt(() -> report(timed, pictures));
            }
            terminal.out().flush();
            codes.add(verdict.exitCode());
            standings.add(verdict.standing());
            suites.put(timed.place(), TestSuite.of(verdict, timed.times(), pictures));
            use.add(verdict);
            json.add(timed.place(), verdict);
            over = replays.choice().failFast() && verdict.exitCode() != ExitCode.PASS;
            return !over;
        }

        /** Writes what shows a verdict, and adds what pictures there are. */
        private void report(Timed timed, List<ReportFolder.Written> pictures) throws IOException {
            TraceVerdict verdict = timed.verdict();
            pictures.addAll(report.writePictures(verdict));
            written |= verdict.exitCode() != ExitCode.PASS;
            pictures.forEach(picture -> say("    written: " + picture.file()));
            html.add(verdict, timed.times(), pictures);
        }

        private void say(String line) {
            lines.add(line);
            if (!replays.choice().json()) {
                terminal.out().verdict(line);
            }
        }

        private void writeForCi(int notRun) {
            ReplayCommand.Ci ci = replays.ci();
            List<TestSuite> inOrder = List.copyOf(suites.values());
            ci.junit()
                    .ifPresent(file -> attempt(() -> {
                        JunitXml.write(inOrder, file);
                        aside().println("JUnit XML: " + file);
                    }));
            if (ci.annotations()) {
                GithubAnnotations.lines(inOrder).forEach(aside()::command);
            }
            ci.stepSummary().ifPresent(file -> attempt(() -> StepSummary.append(inOrder, notRun, file)));
        }
    }
}
