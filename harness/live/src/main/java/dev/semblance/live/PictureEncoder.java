package dev.semblance.live;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.record.live.Shown;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;

/**
 * What a page has of a scanout, and the messages that bring it up to date: only what differs from what was sent last, so that whatever came in
 * between may be left out. docs/LIVE.md has their form. For one thread.
 */
final class PictureEncoder {

    static final byte PICTURE = 1;
    static final byte CURSOR = 2;

    static final byte DEFLATED = 1;
    static final byte WHOLE = 2;
    static final byte COPIES = 4;
    static final byte VISIBLE = 1;
    static final byte IMAGE = 2;

    /** Pixels of about so many bytes go into one message; the rest of a larger picture comes in the next ones. */
    private static final int MESSAGE_BYTES = 4 << 20;

    private static final int HEADER = 16;
    private static final int CURSOR_HEADER = 16;
    private static final int SPAN = 6;
    private static final int PIXEL = 4;

    /** Less is not worth deflating. */
    private static final int SMALL = 256;

    /** After pixels that did not get much smaller, so many messages go as they are. */
    private static final int STORED_AFTER_NOISE = 15;

    private final int scanout;
    private final Deflater deflater = new Deflater(1, true);
    private int stored;

    /** What the page has. */
    private Optional<Frame> base = Optional.empty();

    private CursorPlane cursor = CursorPlane.HIDDEN;
    private long clears;
    private boolean nothingSent = true;

    /** What the page is being given, from a row on. */
    private Optional<Frame> target = Optional.empty();

    private int row;

    /** What the first message of it has the page copy, from the picture that it has until then. */
    private RowCopies copies = RowCopies.none();

    /** Whether the last message ended a picture: then the cursor has its turn, however fast pictures come. */
    private boolean cursorFirst;

    PictureEncoder(int scanout) {
        this.scanout = scanout;
    }

    /** Returns the next message by which the page comes nearer to what is shown; empty when it has it. */
    Optional<ByteBuffer> next(Shown shown) {
        if (target.isPresent()) {
            return Optional.of(rows(target.get()));
        }
        boolean cursorMoved = !shown.cursor().equals(cursor);
        if (cursorFirst && cursorMoved) {
            return Optional.of(cursor(shown.cursor()));
        }
        boolean dark = base.isEmpty() && !nothingSent;
        if (shown.picture().isEmpty() || clears != shown.clears() && !dark) {
            clears = shown.clears();
            if (!dark) {
                base = Optional.empty();
                nothingSent = false;
                return Optional.of(header(0, 0, 0, (byte) 0));
            }
        }
        clears = shown.clears();
        if (shown.picture().isPresent() && !isBase(shown.picture().get())) {
            nothingSent = false;
            target = shown.picture();
            row = 0;
            return Optional.of(rows(target.get()));
        }
        return cursorMoved ? Optional.of(cursor(shown.cursor())) : Optional.empty();
    }

    private boolean isBase(Frame frame) {
        return base.filter(frame::equals).isPresent();
    }

    private ByteBuffer header(int width, int height, int spans, byte flags) {
        return ByteBuffer.allocate(HEADER)
                .put(PICTURE)
                .put((byte) scanout)
                .put(flags)
                .put((byte) 0)
                .putInt(width)
                .putInt(height)
                .putInt(spans)
                .flip();
    }

    /** Encodes the rows that differ, from {@link #row} on, as many as a message takes. */
    private ByteBuffer rows(Frame frame) {
        int width = frame.width();
        Optional<Frame> before = base.filter(known -> known.width() == width && known.height() == frame.height());
        boolean first = row == 0;
        if (first) {
            copies = before.map(known -> RowCopies.of(frame, known)).orElseGet(RowCopies::none);
        }
        int most = Math.max(1, MESSAGE_BYTES / (PIXEL * width));
        ByteBuffer spans = ByteBuffer.allocate(SPAN * Math.min(most, frame.height()));
        ByteBuffer pixels = ByteBuffer.allocate(PIXEL * width * Math.min(most, frame.height()));
        int[] now = new int[width];
        int[] old = new int[width];
        int count = 0;
        while (row < frame.height() && count < most) {
            int y = row++;
            int from = 0;
            int to = width;
            if (before.isPresent()) {
                if (before.get().sameRow(frame, y) || copies.has(y)) {
                    continue;
                }
                before.get().copyRow(y, old, 0);
            }
            frame.copyRow(y, now, 0);
            if (before.isPresent()) {
                from = Arrays.mismatch(now, old);
                while (to > from + 1 && now[to - 1] == old[to - 1]) {
                    to--;
                }
            }
            spans.putShort((short) y).putShort((short) from).putShort((short) (to - from));
            put(pixels, now, from, to, 0xff);
            count++;
        }
        if (row >= frame.height()) {
            base = target;
            target = Optional.empty();
            cursorFirst = true;
        }
        boolean copying = first && copies.count() > 0;
        byte[] copied = copying ? copies.bytes() : new byte[0];
        byte[] body = ByteBuffer.allocate(copied.length + spans.position() + pixels.position())
                .put(copied)
                .put(spans.flip())
                .put(pixels.flip())
                .array();
        int whole = first && before.isEmpty() ? WHOLE : 0;
        return message(frame, count, (byte) (copying ? whole | COPIES : whole), body);
    }

    private ByteBuffer message(Frame frame, int spans, byte flags, byte[] body) {
        byte[] packed = packed(body);
        boolean deflated = packed.length < body.length;
        byte all = (byte) (deflated ? flags | DEFLATED : flags);
        byte[] sent = deflated ? packed : body;
        return ByteBuffer.allocate(HEADER + sent.length)
                .put(header(frame.width(), frame.height(), spans, all))
                .put(sent)
                .flip();
    }

    /** Deflates a body (RFC 1951), or returns it where that is not worth it. */
    private byte[] packed(byte[] body) {
        if (body.length < SMALL || stored > 0) {
            stored = Math.max(0, stored - 1);
            return body;
        }
        deflater.reset();
        deflater.setInput(body);
        deflater.finish();
        byte[] packed = new byte[body.length];
        int length = deflater.deflate(packed);
        if (!deflater.finished() || length > body.length / 5 * 4) {
            stored = STORED_AFTER_NOISE;
            return body;
        }
        return Arrays.copyOf(packed, length);
    }

    private static void put(ByteBuffer target, int[] argb, int from, int to, int opaque) {
        for (int x = from; x < to; x++) {
            int pixel = argb[x];
            target.put((byte) (pixel >> 16));
            target.put((byte) (pixel >> 8));
            target.put((byte) pixel);
            target.put((byte) (pixel >>> 24 | opaque));
        }
    }

    private ByteBuffer cursor(CursorPlane now) {
        boolean sameImage = now.image().equals(cursor.image());
        cursor = now;
        cursorFirst = false;
        Optional<Frame> image = sameImage ? Optional.empty() : now.image();
        int width = image.map(Frame::width).orElse(0);
        int height = image.map(Frame::height).orElse(0);
        ByteBuffer message = ByteBuffer.allocate(CURSOR_HEADER + PIXEL * width * height)
                .put(CURSOR)
                .put((byte) scanout)
                .put((byte) ((now.image().isPresent() ? VISIBLE : 0) | (image.isPresent() ? IMAGE : 0)))
                .put((byte) 0)
                .putInt(now.x())
                .putInt(now.y())
                .putShort((short) width)
                .putShort((short) height);
        int[] pixels = new int[width];
        for (int y = 0; y < height; y++) {
            image.orElseThrow().copyRow(y, pixels, 0);
            put(message, pixels, 0, width, 0);
        }
        return message.flip();
    }

    /** Gives memory back that is not Java's. */
    void end() {
        deflater.end();
    }
}
