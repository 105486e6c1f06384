package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.SnapshotText;
import dev.semblance.harness.report.TextReport;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Makes what a trace shows the golden, where a golden is missing or differs. A trace whose replay diverges is refused: its
 * pictures are nobody's; so is one that is torn, for its run has no end.
 */
@Command(
        name = "approve",
        header = "Accept what traces show now as their golden pictures.",
        description = {
            "Replays the traces and writes the goldens that are missing or differ by more than golden/policy.toml allows,"
                    + " and no others. A trace whose replay"
                    + " diverges is refused, and so is everything where the environment says CI=true.",
            "Look at every picture before you commit it."
        },
        footer = {"  semblance approve recordings", "  semblance approve --golden golden recordings/flips.trace"})
final class ApproveCommand extends Subcommand<ApproveCommand.Request> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    @Mixin
    private GoldenOptions goldens = new GoldenOptions();

    /** Traces whose goldens to write where they are missing or differ by more than the policy allows. */
    record Request(List<TraceFile> traces, GoldenOptions.Settings goldens) {}

    @Mixin
    private ImageOptions imageOptions = new ImageOptions();

    ApproveCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        if (environment().has("CI", "true")) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "goldens are approved by people, not under CI=true; run this where you can look at them");
        }
        return new Request(InputFiles.traces(paths), goldens.settings());
    }

    @Override
    ExitCode run(Request approval) {
        TraceReplay replay = new TraceReplay(
                imageOptions.images(environment()), approval.goldens().images(), TraceReplay.Kind.BOTH);
        PolicySet policies = new PolicySet(
                approval.traces(), approval.goldens(), environment().today().get());
        checkPlaces(approval);
        List<ExitCode> codes = new ArrayList<>();
        try (TemporaryFolder pictures = TemporaryFolder.create()) {
            for (TraceFile trace : approval.traces()) {
                Optional<Goldens> goldens = goldens(policies, trace, codes);
                if (goldens.isPresent()) {
                    TraceVerdict verdict = replay.replay(trace, goldens.get(), PictureKeeper.in(pictures), cycle -> {});
                    codes.add(approve(
                            verdict,
                            goldens.get().trace(),
                            goldens.get().store().orElseThrow()));
                }
            }
        }
        return ExitCode.gravest(codes);
    }

    /** Returns where the goldens of a trace go; a trace that can have none is told of, and costs the others nothing. */
    private Optional<Goldens> goldens(PolicySet policies, TraceFile trace, List<ExitCode> codes) {
        try {
            Goldens goldens = policies.goldens(trace);
            if (goldens.store().isEmpty()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "%s lies below no folder named %s; say with --golden where its goldens go",
                                trace, Goldens.RECORDINGS));
            }
            return Optional.of(goldens);
        } catch (SemblanceException e) {
            terminal().out().println("not approved: " + trace);
            terminal().out().flush();
            terminal().err().problem(e);
            codes.add(CommandException.exitCode(e));
            return Optional.empty();
        }
    }

    /** Two traces whose goldens have one place would write over each other's. */
    private static void checkPlaces(Request approval) {
        Map<Goldens.Place, TraceFile> taken = new HashMap<>();
        for (TraceFile trace : approval.traces()) {
            Optional<Goldens.Place> place =
                    Goldens.place(trace, approval.goldens().golden());
            Optional<TraceFile> other = place.map(free -> taken.put(free, trace));
            if (other.isPresent()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "the goldens of %s and %s would both be %s; name their folder in place of the files, or approve one at a time",
                                other.get(),
                                trace,
                                place.get().folder().resolve(place.get().name())));
            }
        }
    }

    private ExitCode approve(TraceVerdict verdict, String name, GoldenStore store) {
        boolean trusted = verdict instanceof TraceVerdict.Replayed replayed
                && replayed.cause().isEmpty()
                && replayed.torn().isEmpty();
        if (!trusted) {
            TextReport.lines(verdict).forEach(terminal().out()::println);
            terminal().out().println("not approved: " + verdict.trace());
            boolean tornAlone = verdict instanceof TraceVerdict.Replayed replayed
                    && replayed.cause().isEmpty();
            return tornAlone ? ExitCode.TORN : verdict.exitCode();
        }
        int kept = 0;
        ExitCode code = ExitCode.PASS;
        for (SnapshotVerdict snapshot : ((TraceVerdict.Replayed) verdict).snapshots()) {
            switch (snapshot) {
                case SnapshotVerdict.Differs differs -> write(store, name, differs.label(), differs.actual());
                case SnapshotVerdict.Missing missing -> write(store, name, missing.label(), missing.actual());
                case SnapshotVerdict.Unreadable unreadable -> {
                    // Perhaps somebody's work in a format that is not known here.
                    terminal()
                            .out()
                            .println("not approved: "
                                    + SnapshotText.unreadable(
                                            unreadable, verdict.trace().names())
                                    + "; remove the file first");
                    code = code.orGraver(ExitCode.USAGE);
                }
                case SnapshotVerdict.BadRule bad -> {
                    terminal().out().println("not approved: " + SnapshotText.badRule(bad));
                    code = code.orGraver(ExitCode.USAGE);
                }
                case SnapshotVerdict.UnexpectedPass pass -> {
                    // The golden is right; what is out of date is the rule.
                    terminal()
                            .out()
                            .println("kept: "
                                    + SnapshotText.unexpectedPass(
                                            pass, verdict.trace().names()));
                    kept++;
                }
                case SnapshotVerdict.Match match -> kept++;
                case SnapshotVerdict.Accepted accepted -> kept++;
                case SnapshotVerdict.FailedAsExpected failed -> kept++;
                case SnapshotVerdict.NoGoldens none -> throw new IllegalStateException("there is a store");
            }
        }
        terminal()
                .out()
                .println(Text.format(
                        "%s: %s right already", verdict.trace(), Text.count(kept, "golden was", "goldens were")));
        terminal().out().flush();
        return code;
    }

    private void write(GoldenStore store, String trace, String label, KeptPicture picture) {
        try {
            terminal().out().println("approved: " + store.write(trace, label, picture.frame()));
        } catch (IOException e) {
            throw UnusableOutputException.of(store.pngOf(trace, label), e);
        }
    }
}
