package dev.semblance.harness.fuzz.minimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/MINIMIZING.md, "minimize". */
class TraceMinimizerTests {

    private static final Goldens NONE = new Goldens("t", Optional.empty());

    @TempDir
    Path folder;

    private Path trace = Path.of("");
    private Path output = Path.of("");

    @BeforeEach
    void record() throws IOException {
        trace = folder.resolve("t.trace");
        output = folder.resolve("o.trace");
        Sessions.record(trace, Sessions.session(11, 300), new NoFrames());
    }

    private static TraceMinimizer of(DeviceUnderTest.Factory device) {
        return new TraceMinimizer(device, MinimizerLimits.STANDARD, "test");
    }

    @Test
    void aTraceThatDoesNotFailIsRefusedAsSuch() {
        assertThatThrownBy(() -> of(BuiltinDevice.ours()).minimize(trace, output, NONE))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        e -> assertThat(ExitCode.of(e)).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("does not fail");
        assertThat(output).doesNotExist();
    }

    @Test
    void aWrongRowIsCutDownToOnePictureThatStillFailsOnTheFaultyDeviceAlone() throws IOException {
        TraceMinimizer.Outcome outcome = of(FaultyDevices.blackRow()).minimize(trace, output, NONE);
        ScriptCost after = outcome.minimized().after();
        assertThat(after.commands()).isEqualTo(5);
        assertThat(after.pixels()).isLessThanOrEqualTo(3 * 2 + 1);
        assertThat(divergence(output)).isEmpty();
        assertThat(TraceFailure.of(script(output), FaultyDevices.blackRow()).orElseThrow())
                .isInstanceOf(TraceFailure.AgainstModel.class);
        assertThat(TraceFailure.of(script(output), BuiltinDevice.ours())).isEmpty();
    }

    /** docs/TRACE_FORMAT.md, version 3: what is left is put on queues that have what those of the trace had. */
    @Test
    void aTraceOfQueuesWithFeaturesIsCutDownOnSuchQueues() throws IOException {
        QueueFeatures all = new QueueFeatures(VirtioFeatures.OF_QUEUES);
        RigSettings settings = new RigSettings(RigSettings.EXEC.ramBytes(), RigSettings.EXEC.displays(), all);
        Sessions.record(trace, settings, Sessions.session(11, 300), BuiltinDevice.ours(), new NoFrames());
        TraceMinimizer.Outcome outcome = of(FaultyDevices.blackRow()).minimize(trace, output, NONE);
        assertThat(outcome.minimized().after().commands()).isEqualTo(5);
        assertThat(script(output).settings().queues()).isEqualTo(all);
        assertThat(divergence(output)).isEmpty();
        assertThat(TraceFailure.of(script(output), FaultyDevices.blackRow())).isPresent();
        assertThat(TraceFailure.of(script(output), BuiltinDevice.ours())).isEmpty();
    }

    @Test
    void anExceptionIsKept() throws IOException {
        TraceMinimizer.Outcome outcome = of(FaultyDevices.throwsAtColumn40()).minimize(trace, output, NONE);
        assertThat(outcome.failure()).contains("planted");
        assertThat(outcome.minimized().after().commands()).isEqualTo(1);
        assertThat(divergence(output)).isEmpty();
        assertThat(TraceFailure.of(script(output), FaultyDevices.throwsAtColumn40()))
                .isPresent();
    }

    @Test
    void anAnswerThatTheModelDoesNotGiveEitherStaysAsRecorded() throws IOException {
        Path edited = folder.resolve("edited.trace");
        int[] seen = new int[1];
        rewrite(trace, edited, event -> {
            if (event instanceof TraceEvent.Command command
                    && command.payload() instanceof TraceEvent.Payload.Full full
                    && full.request()[0] == 5
                    && full.request()[1] == 1
                    && seen[0]++ == 30) {
                byte[] response = full.response().clone();
                response[1] = 0x12;
                return new TraceEvent.Command(
                        command.device(),
                        command.queue(),
                        command.head(),
                        command.descriptors(),
                        new TraceEvent.Payload.Full(full.request(), response),
                        command.usedLength(),
                        command.notification());
            }
            return event;
        });
        Divergence before = divergence(edited).orElseThrow();
        TraceMinimizer.Outcome outcome = of(BuiltinDevice.ours()).minimize(edited, output, NONE);
        assertThat(outcome.minimized().after().commands()).isEqualTo(3);
        Divergence after = divergence(output).orElseThrow();
        assertThat(response(after.expected().event()))
                .isEqualTo(response(before.expected().event()));
        assertThat(response(((Divergence.Different) after).actual()))
                .isEqualTo(response(((Divergence.Different) before).actual()));
    }

    @Test
    void aPictureThatTheModelDoesNotShowEitherStaysAsRecorded() throws IOException {
        Path edited = folder.resolve("edited.trace");
        int[] seen = new int[1];
        rewrite(
                trace,
                edited,
                event -> event instanceof TraceEvent.Flush flush && seen[0]++ == 4
                        ? new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() + 1)
                        : event);
        Divergence before = divergence(edited).orElseThrow();
        TraceMinimizer.Outcome outcome = of(BuiltinDevice.ours()).minimize(edited, output, NONE);
        assertThat(outcome.minimized().after().commands())
                .isLessThan(outcome.minimized().before().commands() / 4);
        Divergence after = divergence(output).orElseThrow();
        assertThat(after.expected().event()).isEqualTo(before.expected().event());
    }

    @Test
    void aPictureThatDiffersFromItsGoldenIsKept() throws IOException {
        GoldenStore store = new GoldenStore(folder.resolve("golden"));
        store.write("t", "end", Frame.solid(1024, 768, 0xff12_3456));
        TraceMinimizer few =
                new TraceMinimizer(BuiltinDevice.ours(), new MinimizerLimits(150, Optional.empty()), "test");
        TraceMinimizer.Outcome outcome = few.minimize(trace, output, new Goldens("t", Optional.of(store)));
        assertThat(outcome.failure())
                .startsWith("it shows snapshot end of scanout 0, ")
                .contains("; expected is snapshot end of scanout 0, 1024x768, digest ");
        assertThat(outcome.minimized().after().commands())
                .isLessThan(outcome.minimized().before().commands() / 4);
        TraceEvent.Snapshot expected = (TraceEvent.Snapshot)
                divergence(output).orElseThrow().expected().event();
        assertThat(expected.digest())
                .isEqualTo(Frame.solid(1024, 768, 0xff12_3456).digest());
    }

    @Test
    void theExitCodeOfATestIsKept() throws IOException {
        // Fails with 3 for whatever is no smaller than a few kilobytes.
        String test = "test $(wc -c < {}) -lt 3000 || exit 3";
        TraceMinimizer minimizer =
                new TraceMinimizer(BuiltinDevice.ours(), new MinimizerLimits(60, Optional.empty()), "test");
        TraceMinimizer.Outcome outcome = minimizer.minimize(trace, output, test, Duration.ofSeconds(10));
        assertThat(outcome.failure()).contains("exit code 3");
        assertThat(outcome.minimized().after()).isLessThan(outcome.minimized().before());
        assertThat(output.toFile().length()).isGreaterThanOrEqualTo(3000);
        assertThatThrownBy(() -> minimizer.minimize(trace, output, "true", Duration.ofSeconds(10)))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("exit code 0");
        assertThatThrownBy(() -> minimizer.minimize(trace, output, "sleep 20 #", Duration.ofMillis(50)))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("did not end");
    }

    private static byte[] response(TraceEvent event) {
        return ((TraceEvent.Payload.Full) ((TraceEvent.Command) event).payload()).response();
    }

    private static TraceScript script(Path path) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return TraceScript.of(reader);
        }
    }

    private static void rewrite(Path from, Path to, UnaryOperator<TraceEvent> change) throws IOException {
        try (TraceReader reader = TraceReader.open(from);
                TraceWriter writer = TraceWriter.create(to, reader.manifest())) {
            reader.readAll((cycle, event) -> writer.accept(cycle, change.apply(event)));
            writer.complete();
        }
    }

    private static Optional<Divergence> divergence(Path path) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                    .run(cycle -> {})
                    .divergence();
        }
    }
}
