package dev.semblance.harness.edit.redact;

import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Blanks the pixels and the typed text of a trace and keeps everything else: events, their order, cycles, commands and
 * answers. What follows from pixels, the digests of pictures, is computed anew. A machine cannot
 * replay the result, since its guest would draw and read the original again; a device can.
 */
public final class TraceRedactor {

    /**
     * How the device replays of both traces end: where they differ from what is recorded, or throw, and in what.
     *
     * @param before of the trace; empty if it passes
     * @param after of the redacted one
     */
    public record Redacted(Optional<String> before, Optional<String> after) {

        /** {@return whether the failure is the same in both} */
        public boolean survives() {
            return before.isPresent() && before.equals(after);
        }
    }

    private TraceRedactor() {}

    /**
     * Redacts a trace.
     *
     * @throws IOException if it cannot be read, is corrupt, or has no GPU that could be ours, or the output cannot be
     *     written; there is none then
     */
    public static Redacted redact(Path trace, PixelMask mask, Labels labels, Path output) throws IOException {
        // First, so that there is no output yet where the replay finds that its events cannot have happened.
        Optional<String> before = failure(trace);
        try (TraceReader reader = TraceReader.open(trace)) {
            TraceManifest manifest = reader.manifest();
            ReplayableGpu gpu = ReplayableGpu.of(manifest);
            try (OutputFile file = OutputFile.create(output);
                    TraceWriter writer = TraceWriter.into(file, manifest(manifest))) {
                EventRedaction events = new EventRedaction(gpu, mask, labels);
                FrameDigests digests = new FrameDigests(gpu.device(), gpu.displays(), writer);
                GpuRequests requests = new GpuRequests(gpu.device(), digests::take);
                boolean ended = false;
                long cycle = 0;
                for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                    Stamped event = next.get();
                    cycle = event.cycle();
                    ended = event.event() instanceof TraceEvent.End;
                    requests.take(new Stamped(event.sequence(), cycle, events.apply(event.event())));
                }
                requests.end();
                digests.end();
                if (!ended) {
                    // A torn trace has no end of its own.
                    writer.accept(cycle, new TraceEvent.End(TraceEvent.End.Reason.INTERRUPTED, 0, new byte[0]));
                }
                writer.finish();
                Redacted redacted = new Redacted(before, failure(file.part()));
                file.commit();
                return redacted;
            }
        }
    }

    /** {@return the manifest without what tells of the guest, its images and what was done to it} */
    private static TraceManifest manifest(TraceManifest manifest) {
        String version = "redacted: " + manifest.toolVersion();
        // Named one by one: what a later version has in its manifest is not kept before somebody has said that it may
        // be.
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersionCut(version)
                .profile(manifest.profile())
                .isa(manifest.isa())
                .harts(manifest.harts())
                .memory(manifest.memoryMap())
                .clock(manifest.clock())
                .largerViews(manifest.largerViews().isPresent())
                .timebaseHz(manifest.timebaseHz())
                .cyclesPerTick(manifest.cyclesPerTick().orElse(1))
                .devices(manifest.devices())
                .displayModes(manifest.displayModes())
                .edid(manifest.edid())
                .build();
    }

    /** {@return where and in what a device replay fails, in words that are the same if it is the same failure} */
    private static Optional<String> failure(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                    .run(cycle -> {})
                    .divergence()
                    .map(TraceRedactor::words);
        } catch (IllegalStateException | IndexOutOfBoundsException | ArithmeticException | ClassCastException e) {
            StackTraceElement[] stack = e.getStackTrace();
            return Optional.of(
                    "the device throws " + e.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]));
        }
    }

    private static String words(Divergence divergence) {
        Stamped expected = divergence.expected();
        String kind = expected.event().getClass().getSimpleName();
        String how = switch (divergence) {
            case Divergence.Different different ->
                different.actual().getClass().equals(expected.event().getClass())
                        ? Text.format("another %s than recorded", kind)
                        : Text.format(
                                "a %s in place of a %s",
                                different.actual().getClass().getSimpleName(), kind);
            case Divergence.Missing missing -> Text.format("a %s is missing", kind);
            case Divergence.UnknownMemory unknown -> "a read of memory that is not in the trace, before a " + kind;
        };
        return Text.format("at event #%d, %s", expected.sequence(), how);
    }
}
