package dev.semblance.harness.replay;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceTotals;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the replay of a trace takes, as far as that can be told without reading it: to choose which is replayed first, and how many at once.
 *
 * @param instructions what a machine replay runs again of the guest; the cycles where nobody counted instructions; empty where the trace does not
 *     say, such as one that is torn, and where no machine replay is done
 * @param length how long it is beside other replays of the same kind: by its instructions, or of the device alone by its bytes; the most there
 *     can be of one that does not say, which may be long, or is over at once since something is wrong with it
 * @param heapBytes what is held of the heap at most, but for what the guest writes to disks
 */
public record ReplayCost(OptionalLong instructions, long length, long heapBytes) {

    /** Decoded code, chunks of the trace, the device models: 5 to 30 MiB. */
    private static final long BESIDES = 32L << 20;

    /**
     * Bytes for each pixel of each monitor, in each of the two replays. A picture has 4. There is one for each buffer that the guest flips
     * between, three of them at most with those that do; the bytes that the buffer had in guest memory are held again, by
     * {@code KnownMemory} in one replay and as the memory itself in the other. Cursors and what goes with them
     * have room in the rest.
     */
    private static final long BYTES_A_PIXEL = 3 * (4 + 4) + 8;

    /** Those that may be long first. */
    public static final Comparator<ReplayCost> LONGEST_FIRST =
            Comparator.comparingLong(ReplayCost::length).reversed();

    /**
     * {@return the cost of a trace; of one that cannot be replayed, what it takes to find that out}
     *
     * @param trace the file of the trace
     * @param kind what is done with it
     */
    public static ReplayCost of(TraceFile trace, TraceReplay.Kind kind) {
        try (TraceReader reader = TraceReader.open(trace.path())) {
            ReplayableGpu gpu = ReplayableGpu.of(reader.manifest());
            long pictures = pixels(gpu.displays()) * BYTES_A_PIXEL;
            // Pages come into being when the guest writes to them, so the guest's RAM is the most that there can be.
            boolean alone =
                    kind == TraceReplay.Kind.DEVICE || reader.manifest().kind() == TraceManifest.Kind.DEVICE_ONLY;
            long machine = alone ? 0 : gpu.memory().bytes() + pictures;
            long device = kind == TraceReplay.Kind.MACHINE ? 0 : pictures;
            long heap = BESIDES + machine + device;
            if (kind == TraceReplay.Kind.DEVICE) {
                return new ReplayCost(OptionalLong.empty(), Files.size(trace.path()), heap);
            }
            OptionalLong instructions = instructions(reader);
            return new ReplayCost(instructions, instructions.orElse(Long.MAX_VALUE), heap);
        } catch (IOException | SemblanceException e) {
            return new ReplayCost(OptionalLong.empty(), Long.MAX_VALUE, BESIDES);
        }
    }

    private static OptionalLong instructions(TraceReader reader) {
        try {
            Optional<TraceEvent.End> end = reader.unverifiedEnd().filter(last -> last.instret() > 0);
            return end.isPresent()
                    ? OptionalLong.of(end.get().instret())
                    : reader.unverifiedTotals()
                            .map(TraceTotals::lastCycle)
                            .map(cycle -> OptionalLong.of(Math.max(0, cycle)))
                            .orElse(OptionalLong.empty());
        } catch (IOException | SemblanceException e) {
            return OptionalLong.empty();
        }
    }

    private static long pixels(DisplayConfig displays) {
        return displays.displays().stream()
                .mapToLong(display -> (long) display.width() * display.height())
                .sum();
    }
}
