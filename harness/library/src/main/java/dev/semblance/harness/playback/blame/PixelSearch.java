package dev.semblance.harness.playback.blame;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.frame.Composition;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.PixelSource.Part;
import dev.semblance.harness.playback.blame.PixelSource.Plane;
import dev.semblance.harness.playback.blame.PixelSource.Written;
import dev.semblance.harness.playback.blame.PlaneState.Image;
import dev.semblance.harness.record.KnownMemory;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds where a pixel comes from, in the events of a trace alone: once through it for what is shown, and once more for what was
 * copied there. Memory does not grow with the length of the trace.
 */
public final class PixelSearch {

    private static final int BLACK = 0xff00_0000;

    private final Path trace;
    private final ReplayableGpu gpu;
    private final Place at;

    /**
     * Makes a search at a place of a trace.
     *
     * @param trace the file
     * @param gpu the GPU of its manifest
     * @param at when the picture is looked at
     */
    public PixelSearch(Path trace, ReplayableGpu gpu, Place at) {
        this.trace = trace;
        this.gpu = gpu;
        this.at = at;
    }

    /** A pixel of an image, until it was shown; and what was found out of it. */
    private static final class Wanted {
        private final Image image;
        private final long x;
        private final long y;
        private final long until;
        private Optional<Written> written = Optional.empty();
        private final byte[] bytes = new byte[PixelFormat.BYTES_PER_PIXEL];

        Wanted(Image image, long x, long y, long until) {
            this.image = image;
            this.x = x;
            this.y = y;
            this.until = until;
        }

        boolean isOf(Image other, long sequence) {
            return sequence < until
                    && other.created().sequence() == image.created().sequence();
        }

        int argb(boolean opaque) {
            int[] pixel = {ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt()};
            PixelFormat.of(image.created().command().format()).ifPresent(format -> {
                if (opaque) {
                    format.toOpaque(pixel);
                } else {
                    format.toArgb(pixel);
                }
            });
            return pixel[0];
        }
    }

    /**
     * A place in a picture.
     *
     * @param x the column, from 0
     * @param y the row, from 0
     */
    public record Pixel(int x, int y) {}

    /**
     * Finds where a pixel comes from.
     *
     * @param scanout the number of the scanout, from 0
     * @param x the column, from 0
     * @param y the row, from 0
     * @return its source
     * @throws UnusableInputException if there is no such scanout, or its picture has no such pixel
     * @throws IOException if the trace cannot be read, or is damaged
     */
    public PixelSource find(int scanout, int x, int y) throws IOException {
        return find(scanout, List.of(new Pixel(x, y))).getFirst();
    }

    /**
     * Finds where pixels of a picture come from, by reading the trace no more often than for one.
     *
     * @param scanout the number of the scanout, from 0
     * @param pixels the pixels
     * @return their sources, in their order
     * @throws UnusableInputException if there is no such scanout, or its picture has no such pixels
     * @throws IOException if the trace cannot be read, or is damaged
     */
    public List<PixelSource> find(int scanout, List<Pixel> pixels) throws IOException {
        if (scanout < 0 || scanout >= gpu.displays().count()) {
            throw new UnusableInputException(Text.format(
                    "there is no scanout %d; the trace has %d, counted from 0",
                    scanout, gpu.displays().count()));
        }
        PlaneState state = new PlaneState(gpu, (image, transfer) -> {});
        pass(state, new KnownMemory());
        Optional<PlaneState.Shown> shown = state.shown(scanout);
        Display display = state.displays().display(scanout);
        long width = shown.map(s -> s.view().width()).orElse((long) display.width());
        long height = shown.map(s -> s.view().height()).orElse((long) display.height());
        Optional<PlaneState.CursorImage> cursorImage = state.cursor(scanout).flatMap(PlaneState.ShownCursor::image);
        List<Optional<Wanted>> primaries = new ArrayList<>();
        List<Optional<Wanted>> cursors = new ArrayList<>();
        for (Pixel pixel : pixels) {
            if (pixel.x() < 0 || pixel.y() < 0 || pixel.x() >= width || pixel.y() >= height) {
                throw new UnusableInputException(Text.format(
                        "pixel %d,%d is outside of the picture of scanout %d, which is %d x %d there",
                        pixel.x(), pixel.y(), scanout, width, height));
            }
            primaries.add(shown.map(s -> new Wanted(
                    s.image(),
                    s.view().x() + pixel.x(),
                    s.view().y() + pixel.y(),
                    s.flush().sequence())));
            cursors.add(cursorImage.flatMap(
                    image -> ofCursor(pixel, image, state.cursor(scanout).orElseThrow())));
        }
        trace(Stream.concat(primaries.stream(), cursors.stream())
                .flatMap(Optional::stream)
                .toList());
        List<PixelSource> sources = new ArrayList<>();
        for (int i = 0; i < pixels.size(); i++) {
            Optional<Layer> top = cursors.get(i)
                    .filter(wanted -> wanted.argb(false) >>> 24 != 0)
                    .map(wanted -> layer(
                            wanted, Plane.CURSOR, cursorImage.orElseThrow().update(), Optional.empty()));
            Optional<Layer> bottom = primaries
                    .get(i)
                    .map(wanted -> layer(
                            wanted, Plane.PRIMARY, shown.orElseThrow().flush(), shown.map(PlaneState.Shown::bound)));
            Pixel pixel = pixels.get(i);
            sources.add(new PixelSource(scanout, pixel.x(), pixel.y(), composed(top, bottom), top, bottom));
        }
        return sources;
    }

    private static Optional<Wanted> ofCursor(Pixel pixel, PlaneState.CursorImage image, PlaneState.ShownCursor plane) {
        long column = (long) pixel.x() - plane.position().x();
        long row = (long) pixel.y() - plane.position().y();
        boolean covers = column >= 0 && row >= 0 && column < CursorPlane.SIZE && row < CursorPlane.SIZE;
        return covers
                ? Optional.of(
                        new Wanted(image.image(), column, row, image.update().sequence()))
                : Optional.empty();
    }

    private static Layer layer(
            Wanted wanted,
            Plane plane,
            GpuStep<? extends GpuCommand> shown,
            Optional<GpuStep<GpuCommand.SetScanout>> bound) {
        return new Layer(
                plane,
                wanted.argb(plane == Plane.PRIMARY),
                new GpuStep<>(shown.sequence(), shown.cycle(), shown.command()),
                bound,
                wanted.image.created(),
                (int) wanted.x,
                (int) wanted.y,
                wanted.written);
    }

    private static int composed(Optional<Layer> cursor, Optional<Layer> primary) {
        Frame below = Frame.solid(1, 1, primary.map(Layer::argb).orElse(BLACK));
        Optional<Frame> above = cursor.map(layer -> Frame.ofPixels(1, 1, new int[] {layer.argb()}));
        return Composition.compose(below, new CursorPlane(above, 0, 0, 0, 0)).argb(0, 0);
    }

    private void trace(List<Wanted> wanted) throws IOException {
        KnownMemory memory = new KnownMemory();
        PlaneState state = new PlaneState(gpu, (image, transfer) -> {
            for (Wanted pixel : wanted) {
                if (pixel.isOf(image, transfer.sequence())) {
                    copy(pixel, image, transfer, memory);
                }
            }
        });
        pass(state, memory);
    }

    /** As TRANSFER_TO_HOST_2D does: the offset is that of the first pixel of the rectangle, and rows are as far apart as in the image. */
    private static void copy(Wanted pixel, Image image, GpuStep<TransferToHost2d> transfer, KnownMemory memory) {
        Rect rect = transfer.command().rect();
        boolean covers = pixel.x >= rect.x()
                && pixel.x < rect.x() + rect.width()
                && pixel.y >= rect.y()
                && pixel.y < rect.y() + rect.height();
        if (!covers || image.attached().isEmpty() || transfer.command().offset() < 0) {
            return;
        }
        long stride = image.created().command().width() * PixelFormat.BYTES_PER_PIXEL;
        long within = (pixel.y - rect.y()) * stride + (pixel.x - rect.x()) * PixelFormat.BYTES_PER_PIXEL;
        long offset = transfer.command().offset() + within;
        List<Part> parts = parts(image.attached().get().command().entries(), offset);
        if (offset < 0 || parts.stream().mapToInt(Part::length).sum() < PixelFormat.BYTES_PER_PIXEL) {
            return; // No device here would have said that all is well.
        }
        int done = 0;
        for (Part part : parts) {
            memory.read(part.address(), pixel.bytes, done, part.length());
            done += part.length();
        }
        pixel.written = Optional.of(new Written(transfer, image.attached().get(), offset, parts));
    }

    private static List<Part> parts(List<MemoryEntry> entries, long offset) {
        List<Part> parts = new ArrayList<>();
        long skip = offset;
        int left = PixelFormat.BYTES_PER_PIXEL;
        for (MemoryEntry entry : entries) {
            if (skip >= entry.length()) {
                skip -= entry.length();
                continue;
            }
            int count = (int) Math.min(left, entry.length() - skip);
            parts.add(new Part(entry.address() + skip, count));
            left -= count;
            skip = 0;
            if (left == 0) {
                break;
            }
        }
        return parts;
    }

    private void pass(PlaneState state, KnownMemory memory) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().sequence() < at.passed();
                    next = reader.next()) {
                if (next.get().event() instanceof TraceEvent.Memory told && told.device() == gpu.device()) {
                    told.runs().forEach(run -> memory.learn(run.address(), run.bytes(), 0, run.bytes().length));
                }
                state.take(next.get());
            }
        }
    }
}
