package dev.semblance.live;

import dev.semblance.gpu.frame.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What a page makes of the messages of a scanout: docs/LIVE.md, written a second time. */
final class PictureDecoder {

    private static final int ROW = 6;

    private int width;
    private int[] pixels = {};
    int clears;

    /** How many runs of rows were copied. */
    int runsCopied;

    boolean cursorVisible;
    int cursorX;
    int cursorY;
    Optional<Frame> cursor = Optional.empty();

    void take(ByteBuffer message) {
        byte kind = message.get();
        message.get();
        byte flags = message.get();
        message.get();
        if (kind == 1) {
            picture(message, flags);
        } else {
            cursor(message, flags);
        }
    }

    private void picture(ByteBuffer message, byte flags) {
        int newWidth = message.getInt();
        int height = message.getInt();
        int spans = message.getInt();
        if (newWidth == 0) {
            pixels = new int[0];
            width = 0;
            clears++;
            return;
        }
        byte[] sent = new byte[message.remaining()];
        message.get(sent);
        ByteBuffer body = ByteBuffer.wrap((flags & 1) != 0 ? inflate(sent) : sent);
        if ((flags & 2) != 0) {
            width = newWidth;
            pixels = new int[newWidth * height];
        }
        if ((flags & 4) != 0) {
            int[] before = pixels.clone();
            int copies = body.getShort() & 0xffff;
            for (int i = 0; i < copies; i++) {
                int to = (body.getShort() & 0xffff) * width;
                int from = (body.getShort() & 0xffff) * width;
                System.arraycopy(before, from, pixels, to, (body.getShort() & 0xffff) * width);
            }
            runsCopied += copies;
        }
        ByteBuffer colours = body.duplicate().position(body.position() + spans * ROW);
        for (int i = 0; i < spans; i++) {
            int at = (body.getShort() & 0xffff) * width + (body.getShort() & 0xffff);
            int count = body.getShort() & 0xffff;
            for (int x = 0; x < count; x++) {
                pixels[at + x] = argb(colours);
            }
        }
        if (colours.hasRemaining()) {
            throw new AssertionError(colours.remaining() + " bytes too many");
        }
    }

    private void cursor(ByteBuffer message, byte flags) {
        cursorVisible = (flags & 1) != 0;
        cursorX = message.getInt();
        cursorY = message.getInt();
        int across = message.getShort();
        int down = message.getShort();
        if ((flags & 2) != 0) {
            int[] image = new int[across * down];
            for (int i = 0; i < image.length; i++) {
                image[i] = argb(message);
            }
            cursor = Optional.of(Frame.ofPixels(across, down, image));
        }
    }

    private static int argb(ByteBuffer colours) {
        int red = colours.get() & 0xff;
        int green = colours.get() & 0xff;
        int blue = colours.get() & 0xff;
        return (colours.get() & 0xff) << 24 | red << 16 | green << 8 | blue;
    }

    private static byte[] inflate(byte[] sent) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(sent);
            byte[] room = new byte[32 << 20];
            int length = inflater.inflate(room);
            if (!inflater.finished()) {
                throw new AssertionError("it does not end");
            }
            return Arrays.copyOf(room, length);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        } finally {
            inflater.end();
        }
    }

    /** Returns what the page shows of the primary plane; empty where it is dark. */
    Optional<Frame> shows() {
        return width == 0 ? Optional.empty() : Optional.of(Frame.ofPixels(width, pixels.length / width, pixels));
    }
}
