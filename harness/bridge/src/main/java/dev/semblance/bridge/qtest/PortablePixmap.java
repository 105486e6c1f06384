package dev.semblance.bridge.qtest;

import dev.semblance.gpu.frame.Frame;
import java.util.Optional;

/** Pictures as QEMU writes them: binary PPM, 8 bits a colour, without comments (the "P6" of Netpbm). */
final class PortablePixmap {

    /** The largest picture that is taken: 64 Mi pixels, all that a device's 256 MiB of images can be. */
    static final int MOST_BYTES = 3 * (1 << 26) + 32;

    private static final int MOST_SIDE = 1 << 16;
    private static final int OPAQUE = 0xff00_0000;

    private final byte[] bytes;
    private int at;

    private PortablePixmap(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * {@return the picture; empty if the bytes are none, or have too few or too many pixels}
     *
     * @param bytes of the file
     */
    static Optional<Frame> decode(byte[] bytes) {
        return new PortablePixmap(bytes).decode();
    }

    private Optional<Frame> decode() {
        boolean magic = bytes.length > 2 && bytes[0] == 'P' && bytes[1] == '6' && bytes[2] == '\n';
        at = 3;
        int width = magic ? number(' ') : 0;
        int height = width > 0 ? number('\n') : 0;
        boolean sound = height > 0 && number('\n') == 255 && bytes.length - at == 3L * width * height;
        if (!sound) {
            return Optional.empty();
        }
        int[] argb = new int[width * height];
        for (int i = 0; i < argb.length; i++) {
            argb[i] = OPAQUE | (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
            at += 3;
        }
        return Optional.of(Frame.ofPixels(width, height, argb));
    }

    /** {@return a number of 1 to 65536 that ends with a byte, or 0 where there is none} */
    private int number(char end) {
        int value = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && value <= MOST_SIDE) {
            value = value * 10 + bytes[at++] - '0';
        }
        boolean ended = at < bytes.length && bytes[at] == end;
        at++;
        return ended && value <= MOST_SIDE ? value : 0;
    }
}
