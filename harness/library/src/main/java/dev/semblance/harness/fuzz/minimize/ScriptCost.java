package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.ConfigRead;
import dev.semblance.harness.rig.ScriptLine.ConfigWrite;
import dev.semblance.harness.rig.ScriptLine.DisplayChange;
import dev.semblance.harness.rig.ScriptLine.MemoryRead;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.QueueReset;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.rig.ScriptLine.Status;
import dev.semblance.harness.trace.text.DecodedCommand;
import dev.semblance.harness.util.Text;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How large a script is to somebody who has to understand it. Costs are totally ordered: commands count first, then
 * entries, pixels, bytes, and last what is left of the numbers. Each step of {@link Minimizer} makes the cost less, so it
 * ends.
 *
 * @param commands commands, and lines that are none, but for those that only write memory
 * @param entries backing entries, stretches of memory written, cuts of buffers, descriptors as they stand, pixels probed
 * @param pixels areas of the images made and of all rectangles
 * @param bytes of requests, of room for responses, and of memory written
 * @param weight the sum of all 32-bit numbers in requests, bytes of memory that are not 0, and a little for everything
 *     that is not as usual: batches, fills, lines that only write memory
 */
public record ScriptCost(long commands, long entries, long pixels, long bytes, long weight)
        implements Comparable<ScriptCost> {

    /** What nothing costs. */
    public static final ScriptCost NOTHING = new ScriptCost(0, 0, 0, 0, 0);

    /** No area counts for more, so that sums stay within 64 bits. */
    private static final long MOST_PIXELS = 1L << 40;

    private static final long MOST_WEIGHT = 1L << 40;

    private static final Comparator<ScriptCost> ORDER = Comparator.comparingLong(ScriptCost::commands)
            .thenComparingLong(ScriptCost::entries)
            .thenComparingLong(ScriptCost::pixels)
            .thenComparingLong(ScriptCost::bytes)
            .thenComparingLong(ScriptCost::weight);

    /**
     * {@return the cost of a script}
     *
     * @param script the lines, in their order
     */
    public static ScriptCost of(List<ScriptLine> script) {
        ScriptCost sum = NOTHING;
        for (ScriptLine line : script) {
            sum = sum.plus(of(line));
        }
        return sum;
    }

    /** {@return the cost of a line} */
    static ScriptCost of(ScriptLine line) {
        return switch (line) {
            case Command command -> ofCommand(command);
            case Batch batch -> {
                ScriptCost sum = new ScriptCost(0, 0, 0, 0, 1);
                for (Command command : batch.commands()) {
                    sum = sum.plus(ofCommand(command));
                }
                yield sum;
            }
            case Poke poke -> ofMemory(poke.memory()).plus(new ScriptCost(0, 0, 0, 0, 1));
            case Screendump dump ->
                new ScriptCost(1, dump.pixels().size(), 0, 0, dump.png().isPresent() ? 1 : 0);
            case Reset reset -> new ScriptCost(1, 0, 0, 0, 0);
            case QueueReset reset -> new ScriptCost(1, 0, 0, 0, 0);
            case DisplayChange change -> new ScriptCost(1, 0, 0, 0, 0);
            case ConfigWrite write -> new ScriptCost(1, 0, 0, 0, 0);
            case Status status -> new ScriptCost(1, 0, 0, 0, 0);
            case MemoryRead read -> new ScriptCost(1, 0, 0, 0, 0);
            case ConfigRead read -> new ScriptCost(1, 0, 0, 0, 0);
        };
    }

    private static ScriptCost ofCommand(Command command) {
        GpuCommand decoded = DecodedCommand.of(command.request());
        long entries = decoded instanceof GpuCommand.ResourceAttachBacking attach
                ? attach.entries().size()
                : 0;
        entries += command.requestSplit().size()
                + command.responseSplit().size()
                + command.chain().size();
        long bytes = (long) command.request().length + command.responseLength();
        long weight = words(command.request())
                + (command.indirect() ? 1 : 0)
                + (command.noInterrupt() ? 1 : 0)
                + (command.id().isPresent() ? 1 : 0)
                + (Arrays.equals(command.responseFill(), ScriptEdits.USUAL_FILL) ? 0 : 1);
        return new ScriptCost(1, entries, pixels(decoded), bytes, weight).plus(ofMemory(command.memory()));
    }

    private static ScriptCost ofMemory(List<MemoryWrite> memory) {
        long bytes = 0;
        long weight = 0;
        for (MemoryWrite write : memory) {
            bytes += write.bytes().length;
            weight += Math.clamp(write.address(), 0, MOST_WEIGHT);
            for (byte b : write.bytes()) {
                weight += b == 0 ? 0 : 1;
            }
        }
        return new ScriptCost(0, memory.size(), 0, bytes, weight);
    }

    private static long words(byte[] request) {
        long sum = 0;
        // The first word says which command it is: no number to make smaller.
        for (int at = Integer.BYTES; at < request.length; at += Integer.BYTES) {
            sum += ScriptEdits.word(request, at);
        }
        return sum;
    }

    private static long pixels(GpuCommand command) {
        return switch (command) {
            case GpuCommand.ResourceCreate2d c -> area(c.width(), c.height());
            case GpuCommand.SetScanout c -> area(c.rect());
            case GpuCommand.ResourceFlush c -> area(c.rect());
            case GpuCommand.TransferToHost2d c -> area(c.rect());
            case GpuCommand.GetDisplayInfo c -> 0;
            case GpuCommand.ResourceUnref c -> 0;
            case GpuCommand.ResourceAttachBacking c -> 0;
            case GpuCommand.ResourceDetachBacking c -> 0;
            case GpuCommand.GetEdid c -> 0;
            case GpuCommand.UpdateCursor c -> 0;
            case GpuCommand.MoveCursor c -> 0;
            case GpuCommand.Unknown c -> 0;
            case GpuCommand.Truncated c -> 0;
            case GpuCommand.NoHeader c -> 0;
        };
    }

    private static long area(Rect rect) {
        return area(rect.width(), rect.height());
    }

    private static long area(long width, long height) {
        if (width == 0 || height == 0) {
            return 0;
        }
        return width > MOST_PIXELS / height ? MOST_PIXELS : width * height;
    }

    ScriptCost plus(ScriptCost other) {
        return new ScriptCost(
                commands + other.commands,
                entries + other.entries,
                pixels + other.pixels,
                bytes + other.bytes,
                weight + other.weight);
    }

    @Override
    public int compareTo(ScriptCost other) {
        return ORDER.compare(this, other);
    }

    /** {@return the counts for people: {@code 4 commands, 1 entry, 64 pixels, 240 bytes}} */
    public String text() {
        return Text.format(
                "%s, %s, %s, %s",
                Text.count(commands, "command"),
                Text.count(entries, "entry", "entries"),
                Text.count(pixels, "pixel"),
                Text.count(bytes, "byte"));
    }
}
