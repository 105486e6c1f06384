package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.fuzz.minimize.ScriptEdits.Place;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.trace.text.DecodedCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes images smaller, and with them the rectangles, offsets and backing that go by their size: those that fitted still
 * fit, and those that stuck out stick out as far.
 */
final class ResourceShrinker {

    private static final int BYTES_PER_PIXEL = PixelFormat.BYTES_PER_PIXEL;

    /** Which end of an image, of its rectangles and of its backing is kept. */
    private enum Edge {
        NEAR,
        FAR
    }

    /** How offsets go along. */
    private enum Offsets {
        /** They name the same pixel, as drivers set them. */
        OF_PIXEL,
        /** They keep their distance from the end of the backing. */
        FROM_END,
        /** They stay. */
        KEPT
    }

    /**
     * A way to make an image smaller.
     *
     * @param movePixels whether what is written to its backing moves, so that each pixel keeps its colour
     */
    private record Way(Edge edge, Offsets offsets, boolean shrinkBacking, boolean movePixels) {}

    private static final List<Way> WAYS = ways();

    private final ReductionState trials;

    ResourceShrinker(ReductionState trials) {
        this.trials = trials;
    }

    private static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (Edge edge : Edge.values()) {
            ways.add(new Way(edge, Offsets.OF_PIXEL, true, true));
        }
        for (Edge edge : Edge.values()) {
            for (Offsets offsets : Offsets.values()) {
                ways.add(new Way(edge, offsets, true, false));
                ways.add(new Way(edge, offsets, false, false));
            }
        }
        return List.copyOf(ways);
    }

    void run() {
        for (Place place : ScriptEdits.places(trials.script())) {
            if (decoded(place) instanceof GpuCommand.ResourceCreate2d) {
                for (Way way : WAYS) {
                    shrink(place, way);
                }
            }
        }
    }

    private GpuCommand decoded(Place place) {
        return DecodedCommand.of(ScriptEdits.at(trials.script(), place).request());
    }

    private void shrink(Place place, Way way) {
        IntegerShrinker.shrink(1, width(place), width -> resize(place, width, height(place), way));
        IntegerShrinker.shrink(1, height(place), height -> resize(place, width(place), height, way));
    }

    private long width(Place place) {
        return decoded(place) instanceof GpuCommand.ResourceCreate2d create ? create.width() : 0;
    }

    private long height(Place place) {
        return decoded(place) instanceof GpuCommand.ResourceCreate2d create ? create.height() : 0;
    }

    private boolean resize(Place place, long width, long height, Way way) {
        if (!(decoded(place) instanceof GpuCommand.ResourceCreate2d create)) {
            return false;
        }
        Resize resize = new Resize(create, width, height, way);
        List<ScriptLine> script = way.movePixels() ? withPixelsMoved(place, resize) : trials.script();
        List<ScriptLine> resized = new ArrayList<>(script.subList(0, place.line()));
        boolean alive = true;
        for (int line = place.line(); line < script.size(); line++) {
            boolean first = line == place.line();
            ScriptLine before = script.get(line);
            if (!alive) {
                resized.add(before);
                continue;
            }
            int within = first ? place.within() : -1;
            List<ScriptLine> one = ScriptEdits.map(List.of(before), resize::apply);
            resized.add(one.getFirst());
            alive = within >= 0 || first || !endsLife(before, create.resourceId());
        }
        return trials.attempt(resized);
    }

    /** {@return the script with what is written to an image's backing where the pixels will be} */
    private List<ScriptLine> withPixelsMoved(Place place, Resize resize) {
        List<ScriptLine> script = trials.script();
        for (ScriptLine line : script.subList(place.line(), script.size())) {
            for (Command command : ScriptEdits.commands(line)) {
                if (DecodedCommand.of(command.request()) instanceof GpuCommand.ResourceAttachBacking attach
                        && attach.resourceId() == resize.create().resourceId()
                        && attach.entries().size() == 1) {
                    return MemoryRelocator.cropped(
                            script, resize.crop(attach.entries().getFirst().address()));
                }
            }
        }
        return script;
    }

    /** {@return whether an image of this name is destroyed or made anew here} */
    private static boolean endsLife(ScriptLine line, long resource) {
        if (line instanceof ScriptLine.Reset) {
            return true;
        }
        for (Command command : ScriptEdits.commands(line)) {
            if (DecodedCommand.of(command.request()) instanceof GpuCommand.ResourceUnref unref
                    && unref.resourceId() == resource) {
                return true;
            }
        }
        return false;
    }

    /** An image's old and new size. */
    private record Resize(GpuCommand.ResourceCreate2d create, long newWidth, long newHeight, Way way) {

        MemoryRelocator.Crop crop(long base) {
            boolean far = way.edge() == Edge.FAR;
            return new MemoryRelocator.Crop(
                    base,
                    create.width(),
                    create.height(),
                    far ? create.width() - newWidth : 0,
                    far ? create.height() - newHeight : 0,
                    newWidth,
                    newHeight);
        }

        Command apply(Command command) {
            GpuCommand decoded = DecodedCommand.of(command.request());
            long resource = create.resourceId();
            GpuCommand changed = switch (decoded) {
                case GpuCommand.ResourceCreate2d c ->
                    c.resourceId() == resource && c.width() == create.width() && c.height() == create.height()
                            ? new GpuCommand.ResourceCreate2d(
                                    c.header(), c.resourceId(), c.format(), newWidth, newHeight)
                            : c;
                case GpuCommand.SetScanout c ->
                    c.resourceId() == resource
                            ? new GpuCommand.SetScanout(c.header(), fit(c.rect()), c.scanoutId(), c.resourceId())
                            : c;
                case GpuCommand.ResourceFlush c ->
                    c.resourceId() == resource
                            ? new GpuCommand.ResourceFlush(c.header(), fit(c.rect()), c.resourceId())
                            : c;
                case GpuCommand.TransferToHost2d c ->
                    c.resourceId() == resource
                            ? new GpuCommand.TransferToHost2d(c.header(), fit(c.rect()), offset(c), c.resourceId())
                            : c;
                case GpuCommand.ResourceAttachBacking c ->
                    c.resourceId() == resource && way.shrinkBacking() ? shrunk(c) : c;
                case GpuCommand other -> other;
            };
            if (changed.equals(decoded)) {
                return command;
            }
            byte[] request = CommandCodec.encode(changed);
            return request.length == command.request().length ? ScriptEdits.withRequest(command, request) : command;
        }

        private Rect fit(Rect rect) {
            long x = start(rect.x(), rect.width(), create.width(), newWidth);
            long y = start(rect.y(), rect.height(), create.height(), newHeight);
            return new Rect(
                    x,
                    y,
                    length(x, rect.x(), rect.width(), create.width(), newWidth),
                    length(y, rect.y(), rect.height(), create.height(), newHeight));
        }

        private long start(long start, long length, long before, long after) {
            return switch (way.edge()) {
                case FAR -> Math.max(0, start - (before - after));
                case NEAR -> Math.max(0, Math.min(start, start + length - (before - after) - 1));
            };
        }

        private long length(long start, long startBefore, long length, long before, long after) {
            long excess = startBefore + length - before;
            if (excess > 0) {
                return Math.clamp(after + excess - start, 0, 0xffff_ffffL);
            }
            return Math.max(Math.min(1, length), Math.min(length, after - start));
        }

        private long offset(GpuCommand.TransferToHost2d transfer) {
            Rect before = transfer.rect();
            Rect after = fit(before);
            return switch (way.offsets()) {
                case KEPT -> transfer.offset();
                case OF_PIXEL ->
                    transfer.offset() == (before.y() * create.width() + before.x()) * BYTES_PER_PIXEL
                            ? (after.y() * newWidth + after.x()) * BYTES_PER_PIXEL
                            : transfer.offset();
                case FROM_END -> Math.max(0, transfer.offset() - lost());
            };
        }

        /** {@return how many bytes fewer the image has} */
        private long lost() {
            return (create.width() * create.height() - newWidth * newHeight) * BYTES_PER_PIXEL;
        }

        private GpuCommand shrunk(GpuCommand.ResourceAttachBacking attach) {
            long tooMany = lost();
            List<MemoryEntry> entries = new ArrayList<>(attach.entries());
            for (int i = entries.size() - 1; i >= 0 && tooMany > 0; i--) {
                MemoryEntry entry = entries.get(i);
                long less = Math.min(tooMany, entry.length() - Math.min(entry.length(), BYTES_PER_PIXEL));
                entries.set(i, new MemoryEntry(entry.address(), entry.length() - less));
                tooMany -= less;
            }
            return new GpuCommand.ResourceAttachBacking(
                    attach.header(), attach.resourceId(), attach.entryCount(), entries);
        }
    }
}
