package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.StepFailure;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
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
                if (codes.getLast() == ExitCode.INTERRUPTED) {
                    break;
                }
            } catch (UserError e) {
                // The others have their turn all the same.
                terminal.err().println(Text.format("semblance: %s: %s", recording.output(), e.getMessage()));
                terminal.err().flush();
                codes.add(e.exitCode());
            }
        }
        return ExitCode.gravest(codes);
    }

    private ExitCode record(Actions.Recording recording) {
        List<Path> inputs = inputs(recording);
        if (!Outlet.isStandardOutput(recording.output())) {
            OutputFiles.checkRecording(recording.output(), inputs);
        }
        SessionConfig config = GuestConfigs.of(recording.guest(), images);
        TraceManifest manifest =
                config.manifest(VersionProvider.version(), recording.scenario().map(Scenario::text));
        try (Interruption interruption = Interruption.listen();
                Outlet outlet = Outlet.of(recording.output(), terminal, inputs);
                TraceWriter writer = TraceWriter.create(outlet.path(), manifest)) {
            try {
                return record(recording, config, writer, outlet, interruption);
            } catch (BadImageException e) {
                writer.discard();
                throw new UserError(ExitCode.INCOMPATIBLE, String.valueOf(e.getMessage()), e);
            } catch (UncheckedIOException | IOException e) {
                // A part that lacks what could not be written may be large, and the place for it is wanted.
                writer.discard();
                throw e;
            }
        } catch (UncheckedIOException e) {
            throw UserError.unwritable(recording.output(), e);
        } catch (IOException e) {
            throw UserError.unwritable(recording.output(), e);
        }
    }

    private void sayHowItEnds(Actions.Recording recording, TraceWriter writer) {
        writer.setAside()
                .ifPresent(aside -> terminal.err()
                        .println("semblance: an earlier recording that did not come to its end is kept as " + aside));
        if (recording.scenario().isEmpty() && recording.guest().maxCycles().isEmpty()) {
            terminal.err()
                    .println("semblance: recording until the guest powers off or Ctrl-C ends it; --max-cycles or"
                            + " --scenario give it an end");
        }
        terminal.err().flush();
    }

    /** Returns the files that are read, which must not be written over. */
    private List<Path> inputs(Actions.Recording recording) {
        List<Path> inputs = new ArrayList<>();
        recording.scenario().map(Scenario::name).ifPresent(name -> inputs.add(Path.of(name)));
        recording.guest().bare().ifPresent(inputs::add);
        inputs.addAll(images.files(recording.guest().settings()));
        return inputs;
    }

    private ExitCode record(
            Actions.Recording recording,
            SessionConfig config,
            TraceWriter writer,
            Outlet outlet,
            Interruption interruption)
            throws BadImageException, IOException {
        RecordingRun run = new RecordingRun(config, recording.scenario(), Optional.of(writer), value -> {});
        keep(config);
        sayHowItEnds(recording, writer);
        RecordingRun.Outcome outcome;
        try (Progress progress = Progress.start(terminal, "recording", " Mcycles", 1_000_000, -1)) {
            outcome = run.run(
                    recording.guest().maxCycles().orElse(Long.MAX_VALUE), interruption::isRequested, progress::at);
        }
        if (outcome.failure().isPresent()) {
            writer.flush();
            StepFailure failure = outcome.failure().get();
            throw new UserError(
                    ExitCode.SCENARIO_FAILED,
                    Text.format(
                            "%s%nWhat was recorded up to there is in %s.",
                            failure.toError(recording.scenario().orElseThrow()).getMessage(), writer.part()));
        }
        TraceTotals totals = writer.complete();
        outlet.deliver();
        PrintWriter out = outlet.terminal().out();
        out.println(Text.format(
                "%s: %,d cycles, %,d events, %,d bytes, ended by %s, identity %s",
                outlet, outcome.cycles(), totals.events(), writer.length(), outcome.reason(), totals.identity()));
        out.flush();
        if (outcome.trap().isPresent()) {
            terminal.err()
                    .println("semblance: the guest is stuck: "
                            + outcome.trap().get().describe());
            terminal.err().flush();
            return ExitCode.MISMATCH;
        }
        return outcome.reason() == TraceEvent.End.Reason.INTERRUPTED ? ExitCode.INTERRUPTED : ExitCode.PASS;
    }

    /** Puts the images where a later replay finds them; if it does not, it says what it misses. */
    private void keep(SessionConfig config) {
        config.images().forEach(images.cache()::store);
    }
}
