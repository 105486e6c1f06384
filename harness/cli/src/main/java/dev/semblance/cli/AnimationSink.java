package dev.semblance.cli;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.golden.png.ApngWriter;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.SemuPlatform;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes an animation of what a scanout shows during a device replay. */
final class AnimationSink implements FrameObserver, Closeable {

    private static final long MILLIS = 1000;

    /** Ticks a second of a trace that does not say: those of the machine. */
    private static final long USUAL_TIMEBASE = SemuPlatform.TIMEBASE_FREQUENCY;

    private final RenderCommand.Animation animation;
    private final Outlet outlet;
    private final ApngWriter writer;
    private final long timebase;
    private long firstCycle = -1;
    private long lastCycle;
    private long pictures;

    private AnimationSink(RenderCommand.Animation animation, Outlet outlet, ApngWriter writer, long timebase) {
        this.animation = animation;
        this.outlet = outlet;
        this.writer = writer;
        this.timebase = timebase;
    }

    /**
     * Begins an animation. It reads the trace once, for the canvas must be known before the first picture: as large as the
     * largest picture.
     *
     * @throws IOException if the trace cannot be read, or has no GPU that could be ours
     * @throws SemblanceException if there is nothing to show, or the file cannot be written
     */
    static AnimationSink create(Path trace, RenderCommand.Animation animation, Outlet outlet) throws IOException {
        int width = 0;
        int height = 0;
        long timebase;
        try (TraceReader reader = TraceProblems.open(trace)) {
            ReplayableGpu.of(reader.manifest());
            timebase = reader.manifest().cyclesPerSecond();
            Optional<Stamped> next = reader.next();
            while (next.isPresent()) {
                if (next.get().event() instanceof TraceEvent.Flush flush && flush.scanout() == animation.scanout()) {
                    width = Math.max(width, flush.width());
                    height = Math.max(height, flush.height());
                }
                next = reader.next();
            }
        }
        if (width == 0) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format(
                            "%s shows nothing on scanout %d, so there is no animation to make",
                            trace, animation.scanout()));
        }
        if (width > ApngWriter.MAX_EDGE || height > ApngWriter.MAX_EDGE) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format(
                            "%s shows pictures of %dx%d pixels; an animation has at most %d along an edge",
                            trace, width, height, ApngWriter.MAX_EDGE));
        }
        try {
            return new AnimationSink(
                    animation,
                    outlet,
                    new ApngWriter(outlet.path(), width, height, animation.loops()),
                    timebase > 0 ? timebase : USUAL_TIMEBASE);
        } catch (IOException e) {
            throw UnusableOutputException.of(outlet.path(), e);
        }
    }

    @Override
    public void changed(long cycle, int scanout, Supplier<Frame> picture) {
        if (scanout != animation.scanout()) {
            return;
        }
        if (firstCycle < 0) {
            firstCycle = cycle;
        }
        lastCycle = Math.max(lastCycle, cycle);
        try {
            writer.show(picture.get(), millis(lastCycle, pictures));
        } catch (IOException e) {
            throw UnusableOutputException.of(outlet.path(), e);
        }
        pictures++;
    }

    /** Rounded from the start each time, so that errors do not add up. */
    private long millis(long cycle, long number) {
        return animation.framesPerSecond().isPresent()
                ? number * MILLIS / animation.framesPerSecond().getAsInt()
                : (long) ((double) (cycle - firstCycle) / timebase * MILLIS);
    }

    /** Completes the file; returns a line about it. The last picture stands for a second. */
    String finish() {
        if (writer.frames() == 0) {
            throw new CommandException(
                    ExitCode.MISMATCH,
                    Text.format(
                            "the replay shows nothing on scanout %d, so %s was not written",
                            animation.scanout(), outlet));
        }
        try {
            int frames = writer.frames();
            long end = millis(lastCycle, Math.max(0, pictures - 1)) + MILLIS;
            writer.finish(end);
            return Text.format("%s: %s, %d.%03d s", outlet, Text.count(frames, "picture"), end / MILLIS, end % MILLIS);
        } catch (IOException e) {
            throw UnusableOutputException.of(outlet.path(), e);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
