package dev.semblance.junit;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.lint.LintRule;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.golden.policy.PolicyFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.playback.blame.DifferenceOrigins;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.PictureKeeper;
import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes the tests of a {@link ReplayTest}. A trace is replayed when its first test is due. */
final class ReplayExtension implements TestTemplateInvocationContextProvider {

    ReplayExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return AnnotationSupport.isAnnotated(context.getRequiredTestMethod(), ReplayTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        ReplayTest test = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), ReplayTest.class)
                .orElseThrow();
        List<TraceFile> traces = traces(test);
        GuestImages images = GuestImages.ofUser();
        List<Path> folders = Arrays.stream(test.images()).map(Path::of).toList();
        Replays replays = new Replays(
                new TraceReplay(images, folders, test.kind()),
                new DifferenceOrigins(images, folders, Optional.of(Translators.inBackground())));
        Optional<Path> golden = test.golden().isEmpty() ? Optional.empty() : Optional.of(Path.of(test.golden()));
        Path report = FailureReports.folder(context);
        Set<LintRule> disabled = LintCase.disabled(test);
        return traces.stream().flatMap(trace -> {
            List<TestTemplateInvocationContext> cases =
                    new ArrayList<>(cases(replays, trace, golden, test.requireGoldens(), report));
            if (test.lint() != LintLevel.OFF && !cases.isEmpty() && cases.getLast() instanceof CaseContext last) {
                cases.add(last.about(ReplaySubject.Whole.LINT, LintCase.of(trace, test.lint(), disabled)));
            }
            return cases.stream();
        });
    }

    /** What replays a trace, and what looks for the origin of the first pixel that differs then. */
    private record Replays(TraceReplay replay, DifferenceOrigins origins) {}

    private static List<TraceFile> traces(ReplayTest test) {
        try {
            GuestImages.checkFolders(Arrays.stream(test.images()).map(Path::of).toList());
            return InputFiles.traces(List.of(test.value()));
        } catch (SemblanceException e) {
            throw new ExtensionConfigurationException(
                    Text.format(
                            "@ReplayTest: %s (seen from %s)",
                            e.getMessage(), Path.of("").toAbsolutePath()),
                    e);
        }
    }

    private static List<TestTemplateInvocationContext> cases(
            Replays replays, TraceFile trace, Optional<Path> golden, boolean requireGoldens, Path report) {
        Path folder = folder(report, trace);
        try {
            ReportFolder.removeOld(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the earlier report in " + folder + " cannot be removed", e);
        }
        // Pictures go there as they come: JUnit holds all verdicts of a class until its end.
        ReportFolder kept = new ReportFolder(folder, List.of(trace));
        return CaseContext.of(replay(replays, trace, golden, requireGoldens, kept), kept);
    }

    /** Returns a folder for a trace, whose name need be no path in this locale. */
    static Path folder(Path report, TraceFile trace) {
        return report.resolve(ReportFolder.place(trace));
    }

    private static TraceVerdict replay(
            Replays replays, TraceFile trace, Optional<Path> golden, boolean requireGoldens, ReportFolder kept) {
        try {
            Goldens goldens =
                    Goldens.of(trace, golden, folder -> PolicyFile.beside(folder, LocalDate.now(ZoneOffset.UTC)));
            return replays.origins()
                    .addTo(replays.replay()
                            .replay(
                                    trace,
                                    goldens.required(requireGoldens),
                                    kept.keeper(trace, PictureKeeper.IN_MEMORY),
                                    cycle -> {}));
        } catch (SemblanceException e) {
            return new TraceVerdict.Refused(trace, ExitCode.of(e), String.valueOf(e.getMessage()));
        }
    }
}
