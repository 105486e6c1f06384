package dev.semblance.harness.golden.png;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Text;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes an animated PNG (APNG: 4.9, 11.3.8 and 11.3.9): the first picture whole, of every other one the rectangle that
 * changed. It holds two pictures at most, whatever the length; the file appears under its name when it is complete.
 *
 * <p>Pictures are shown at the top left of the canvas; where one is smaller the rest is black, where one is larger it is cut.
 */
public final class ApngWriter implements Closeable {

    /** The most pixels along an edge of the canvas. */
    public static final int MAX_EDGE = 16_384;

    /** The shortest time that a picture is shown: browsers take what is much shorter for a mistake and show it for 100 ms. */
    public static final long MIN_MILLIS = 16;

    private static final int BLACK = 0xff00_0000;
    private static final int MAX_FIELD = 0xffff;
    private static final int DATA_SIZE = 1 << 16;
    private static final int SEQUENCE_SIZE = 4;

    /** Signature and IHDR stand before the acTL chunk, which is filled in at the end. */
    private static final long ACTL_POSITION =
            (long) PngChunks.SIGNATURE.length + PngChunks.OVERHEAD + PngChunks.IHDR_SIZE;

    /** A picture that is not written yet, since nobody knows how long it is shown. */
    private record Pending(Frame picture, long from) {}

    private final OutputFile out;
    private final int width;
    private final int height;
    private final int loops;
    private final PngChunks chunks;
    private final int[] row;
    private final int[] shownRow;
    private Optional<Frame> written = Optional.empty();
    private Optional<Pending> pending = Optional.empty();
    private int sequence;
    private int frames;

    /**
     * Begins a file. Makes its folder.
     *
     * @param width of the canvas in pixels, 1 to {@link #MAX_EDGE}
     * @param height likewise
     * @param loops how often the animation is played; 0 is for ever
     */
    public ApngWriter(Path file, int width, int height, int loops) throws IOException {
        if (width < 1 || width > MAX_EDGE || height < 1 || height > MAX_EDGE || loops < 0) {
            throw new IllegalArgumentException(Text.format("%dx%d, %d times", width, height, loops));
        }
        this.width = width;
        this.height = height;
        this.loops = loops;
        this.row = new int[width];
        this.shownRow = new int[width];
        out = OutputFile.createWithFolder(file);
        chunks = new PngChunks(out.stream());
        chunks.signature();
        chunks.header(width, height, 8, PngChunks.RGB);
        chunks.write("acTL", control());
    }

    private byte[] control() {
        return ByteBuffer.allocate(8).putInt(frames).putInt(loops).array();
    }

    /** {@return how many frames the file has so far} */
    public int frames() {
        return frames + (pending.isPresent() ? 1 : 0);
    }

    /**
     * Shows a picture from now on. If the one before has not been shown for {@link #MIN_MILLIS} it is never seen; if
     * nothing changed, it stays.
     *
     * @param millis when, never less than before
     */
    public void show(Frame picture, long millis) throws IOException {
        if (pending.isEmpty()) {
            pending = Optional.of(new Pending(picture, millis));
            return;
        }
        Pending last = pending.get();
        if (millis < last.from()) {
            throw new IllegalArgumentException(Text.format("%d ms comes before %d ms", millis, last.from()));
        }
        if (millis - last.from() < MIN_MILLIS) {
            pending = Optional.of(new Pending(picture, last.from()));
        } else if (changed(last.picture(), picture).isPresent()) {
            write(last, millis);
            pending = Optional.of(new Pending(picture, millis));
        }
    }

    /**
     * Ends the animation and moves the file to its place.
     *
     * @param millis when the last picture has been shown for long enough
     * @throws IllegalStateException if there was no picture
     */
    public void finish(long millis) throws IOException {
        Pending last = pending.orElseThrow(() -> new IllegalStateException("an animation needs a picture"));
        write(last, Math.max(millis, last.from() + MIN_MILLIS));
        pending = Optional.empty();
        chunks.end();
        out.flush();
        ByteBuffer control = ByteBuffer.wrap(PngChunks.chunk("acTL", control()));
        while (control.hasRemaining()) {
            out.channel().write(control, ACTL_POSITION + control.position());
        }
        out.commit();
    }

    /** Closes the file; one that was not finished is gone. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    private void write(Pending next, long until) throws IOException {
        PixelRect area = written.map(before -> changed(before, next.picture())
                        // A picture in between was never seen, and this is the one before it again.
                        .orElse(new PixelRect(0, 0, 1, 1)))
                .orElse(new PixelRect(0, 0, width, height));
        chunks.write("fcTL", frameControl(area, until - next.from()));
        try (DataChunks data = new DataChunks(written.isEmpty());
                Compressor compressor = new Compressor(data)) {
            RgbScanlines lines = new RgbScanlines(area.width(), compressor);
            for (int y = area.y(); y < area.y() + area.height(); y++) {
                copyRow(next.picture(), y, row);
                lines.write(row, area.x());
            }
        }
        written = Optional.of(next.picture());
        frames++;
    }

    /** 11.3.8.2: dispose with NONE, so that the next rectangle goes over this picture; blend with SOURCE: it is opaque. */
    private byte[] frameControl(PixelRect area, long millis) {
        // In the finest unit that the two 16-bit fields can hold; eighteen hours will have to do.
        int unit = millis <= MAX_FIELD ? 1000 : millis / 10 <= MAX_FIELD ? 100 : 1;
        long delay = Math.min(MAX_FIELD, millis * unit / 1000);
        return ByteBuffer.allocate(26)
                .putInt(sequence++)
                .putInt(area.width())
                .putInt(area.height())
                .putInt(area.x())
                .putInt(area.y())
                .putShort((short) delay)
                .putShort((short) unit)
                .put((byte) 0)
                .put((byte) 0)
                .array();
    }

    private void copyRow(Frame picture, int y, int[] target) {
        int covered = 0;
        if (y < picture.height()) {
            covered = Math.min(width, picture.width());
            for (int x = 0; x < covered; x++) {
                target[x] = picture.argb(x, y);
            }
        }
        Arrays.fill(target, covered, width, BLACK);
    }

    /** {@return the smallest rectangle of the canvas outside of which both are the same; empty if they are} */
    private Optional<PixelRect> changed(Frame before, Frame after) {
        int top = -1;
        int bottom = -1;
        int left = width;
        int right = -1;
        boolean sameWidth = before.width() == after.width();
        for (int y = 0; y < height; y++) {
            boolean inBoth = y < before.height() && y < after.height();
            boolean inNone = y >= before.height() && y >= after.height();
            if (inNone || inBoth && sameWidth && before.sameRow(after, y)) {
                continue;
            }
            copyRow(before, y, shownRow);
            copyRow(after, y, row);
            int first = Arrays.mismatch(shownRow, row);
            if (first < 0) {
                continue;
            }
            int last = width - 1;
            while (shownRow[last] == row[last]) {
                last--;
            }
            left = Math.min(left, first);
            right = Math.max(right, last);
            top = top < 0 ? y : top;
            bottom = y;
        }
        return top < 0 ? Optional.empty() : Optional.of(new PixelRect(left, top, right - left + 1, bottom - top + 1));
    }

    /** Compressed data as IDAT chunks for the first picture, and fdAT chunks with their numbers for the others. */
    private final class DataChunks extends OutputStream {
        private final boolean first;
        private final byte[] data = new byte[SEQUENCE_SIZE + DATA_SIZE];
        private int length = SEQUENCE_SIZE;

        DataChunks(boolean first) {
            this.first = first;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            int done = 0;
            while (done < count) {
                int now = Math.min(count - done, data.length - length);
                System.arraycopy(bytes, offset + done, data, length, now);
                length += now;
                done += now;
                if (length == data.length) {
                    emit();
                }
            }
        }

        private void emit() throws IOException {
            if (length == SEQUENCE_SIZE) {
                return;
            }
            if (first) {
                chunks.write("IDAT", Arrays.copyOfRange(data, SEQUENCE_SIZE, length));
            } else {
                ByteBuffer.wrap(data).putInt(sequence++);
                chunks.write("fdAT", data, length);
            }
            length = SEQUENCE_SIZE;
        }

        @Override
        public void close() throws IOException {
            emit();
        }
    }

    /** zlib, whose native memory is given back at once. */
    private static final class Compressor extends DeflaterOutputStream {
        Compressor(OutputStream out) {
            super(out, new Deflater(Deflater.DEFAULT_COMPRESSION), DATA_SIZE);
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                def.end();
            }
        }
    }
}
