package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.images.GuestImage;
import dev.semblance.harness.images.GuestImages;
import dev.semblance.harness.scenario.Scenario;
import dev.semblance.harness.scenario.StepFailure;
import dev.semblance.harness.session.RecordingRun;
import dev.semblance.harness.session.SessionConfig;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes recordings. */
final class RecordAction {

    private final Terminal terminal;
    private final GuestImages images;

    RecordAction(Terminal terminal, GuestImages images) {
        this.terminal = terminal;
        this.images = images;
    }

    ExitCode run(List<Actions.Recording> recordings) {
        if (recordings.size() == 1) {
            return record(recordings.getFirst());
        }
        List<ExitCode> codes = new ArrayList<>();
        for (Actions.Recording recording : recordings) {
            try {
                codes.add(record(recording));
            } catch (UserError e) {
                // The others have their turn all the same.
                terminal.err().printf("semblance: %s: %s%n", recording.output(), e.getMessage());
                terminal.err().flush();
                codes.add(e.exitCode());
            }
        }
        return ExitCode.gravest(codes);
    }

    private ExitCode record(Actions.Recording recording) {
        Path trace = recording.output();
        if (Files.isDirectory(trace)) {
            throw new UserError(ExitCode.USAGE, trace + " is a folder; name the file to write");
        }
        SessionConfig config = GuestConfigs.of(recording.guest(), images);
        TraceManifest manifest =
                config.manifest(VersionProvider.version(), recording.scenario().map(Scenario::text));
        try (TraceWriter writer = TraceWriter.create(trace, manifest)) {
            return record(recording, config, writer);
        } catch (BadImageException e) {
            discard(trace);
            throw new UserError(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            discard(trace);
            throw unwritable(trace, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            discard(trace);
            throw unwritable(trace, e);
        }
    }

    private ExitCode record(Actions.Recording recording, SessionConfig config, TraceWriter writer)
            throws BadImageException, IOException {
        Path trace = recording.output();
        RecordingRun.Outcome outcome;
        try (Progress progress = Progress.start(terminal, "recording", " Mcycles", 1_000_000, -1)) {
            RecordingRun run = new RecordingRun(config, recording.scenario(), Optional.of(writer), value -> {});
            keep(config);
            outcome = run.run(recording.guest().maxCycles().orElse(Long.MAX_VALUE), progress::at);
        }
        if (outcome.failure().isPresent()) {
            writer.flush();
            StepFailure failure = outcome.failure().get();
            throw new UserError(
                    ExitCode.SCENARIO_FAILED,
                    "%s%nWhat was recorded up to there is in %s."
                            .formatted(
                                    failure.toError(recording.scenario().orElseThrow())
                                            .getMessage(),
                                    TraceWriter.partOf(trace)));
        }
        TraceTotals totals = writer.complete();
        terminal.out()
                .printf(
                        "%s: %,d cycles, %,d events, %,d bytes, ended by %s, identity %s%n",
                        trace,
                        outcome.cycles(),
                        totals.events(),
                        Files.size(trace),
                        outcome.reason(),
                        totals.identity());
        terminal.out().flush();
        return ExitCode.PASS;
    }

    private static UserError unwritable(Path trace, IOException problem) {
        String reason = switch (problem) {
            case NoSuchFileException unused -> "there is no such folder";
            case AccessDeniedException unused -> "permission denied";
            case FileSystemException of ->
                Optional.ofNullable(of.getReason()).orElseGet(() -> String.valueOf(of.getMessage()));
            default -> String.valueOf(problem.getMessage());
        };
        return new UserError(ExitCode.USAGE, trace + " cannot be written: " + reason, problem);
    }

    /** Takes back a part that is good for nothing. */
    private static void discard(Path trace) {
        try {
            Files.deleteIfExists(TraceWriter.partOf(trace));
        } catch (IOException e) {
            // It can stay; it says itself that it is not complete.
        }
    }

    /** Puts the images where a later replay finds them. */
    private void keep(SessionConfig config) {
        for (GuestImage image : config.images()) {
            if (!images.cache().store(image)) {
                terminal.err()
                        .printf(
                                "semblance: the image cache %s cannot be written; a later replay will need --images%n",
                                images.cache().folder());
                return;
            }
        }
    }
}
