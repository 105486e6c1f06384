package dev.semblance.gpu.display;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Makes the blocks by which a display describes itself (VESA E-EDID, release A2: EDID 1.4). One block of 128 bytes has one
 * mode, the same as in GET_DISPLAY_INFO; for 1024x768 the bytes are those of semu.
 *
 * <p>A detailed timing has 12 bits for a width or a height, and 16 for the clock. A mode beyond {@value #MAX_IN_BASE} is in a
 * second block, a section of VESA DisplayID 1.2; the first then has 1024x768 as what
 * every reader can do, and does not call it the native mode.
 */
public final class Edid {

    /** Bytes in a block. */
    public static final int SIZE = 128;

    /** The largest width and height of a mode in the first block. */
    static final int MAX_IN_BASE = 4095;

    /** 3.3, 3.4: the fixed pattern; vendor "TWN"; product and serial number 0; week 0 of 2023; EDID 1.4. */
    private static final byte[] START =
            HexFormat.of().parseHex("00ffffffffffff00" + "52ee" + "0000" + "00000000" + "0021" + "0104");

    /** 3.6.1: digital, 8 bits a colour, DisplayPort. */
    private static final int VIDEO_INPUT = 0xa5;

    /** 3.6.3: gamma 2.2. */
    private static final int GAMMA = 0x78;

    /** 3.6.4: sRGB is the colour space. */
    private static final int FEATURES = 0x04;

    /** 3.6.4: the first detailed timing is the native mode. */
    private static final int FEATURE_NATIVE = 0x02;

    /** 3.7: chromaticity of sRGB. */
    private static final byte[] CHROMATICITY = HexFormat.of().parseHex("ee91a3544c99260f5054");

    /** 3.8: the bit of the second byte that says 1024x768 at 60 Hz. */
    private static final int ESTABLISHED_XGA = 0x08;

    /** 3.9: an unused standard timing. */
    private static final short NO_STANDARD_TIMING = 0x0101;

    /** 3.10.3.11: the tag of a descriptor that says nothing. */
    private static final byte DUMMY_DESCRIPTOR = 0x10;

    private static final int DESCRIPTOR_SIZE = 18;

    private Edid() {}

    /**
     * {@return the block or the two blocks of a display}
     *
     * @param display the display that is described
     */
    public static byte[] of(Display display) {
        boolean large = display.width() > MAX_IN_BASE || display.height() > MAX_IN_BASE;
        ByteBuffer block = ByteBuffer.allocate(large ? 2 * SIZE : SIZE).order(ByteOrder.LITTLE_ENDIAN);
        putBase(block, large ? Display.of(1024, 768) : display, display, large);
        if (large) {
            DisplayId.put(block, display);
        }
        return block.array();
    }

    private static void putBase(ByteBuffer block, Display mode, Display display, boolean extended) {
        int widthMm = Math.min(MAX_IN_BASE, millimetres(display.width()));
        int heightMm = Math.min(MAX_IN_BASE, millimetres(display.height()));
        block.put(START);
        block.put((byte) VIDEO_INPUT);
        block.put((byte) centimetres(widthMm));
        block.put((byte) centimetres(heightMm));
        block.put((byte) GAMMA);
        block.put((byte) (extended ? FEATURES : FEATURES | FEATURE_NATIVE));
        block.put(CHROMATICITY);
        block.put((byte) 0);
        block.put((byte) (mode.width() == 1024 && mode.height() == 768 ? ESTABLISHED_XGA : 0));
        block.put((byte) 0);
        for (int i = 0; i < 8; i++) {
            block.putShort(NO_STANDARD_TIMING);
        }
        putDetailedTiming(block, mode, Timing.of(mode), widthMm, heightMm);
        for (int i = 0; i < 3; i++) {
            block.put(block.position() + 3, DUMMY_DESCRIPTOR);
            block.position(block.position() + DESCRIPTOR_SIZE);
        }
        block.put((byte) (extended ? 1 : 0)); // how many blocks follow
        block.put(checksum(block, 0, SIZE - 1));
    }

    /** 3.10.2. */
    private static void putDetailedTiming(ByteBuffer block, Display display, Timing timing, int widthMm, int heightMm) {
        block.putShort((short) timing.pixelClock());
        putPair(block, display.width(), timing.hBlank());
        putPair(block, display.height(), timing.vBlank());
        block.put((byte) timing.hFront());
        block.put((byte) timing.hSync());
        block.put((byte) ((timing.vFront() & 0xf) << 4 | timing.vSync() & 0xf));
        block.put((byte) (timing.hFront() >> 8 << 6
                | timing.hSync() >> 8 << 4
                | timing.vFront() >> 4 << 2
                | timing.vSync() >> 4));
        putPair(block, widthMm, heightMm);
        block.putShort((short) 0); // no borders
        block.put((byte) timing.flags());
    }

    /** Puts two numbers of 12 bits: the low bytes first, then a byte with the upper four bits of each. */
    private static void putPair(ByteBuffer block, int first, int second) {
        block.put((byte) first);
        block.put((byte) second);
        block.put((byte) (first >> 8 << 4 | second >> 8));
    }

    /** The size of so many pixels at 100 to the inch; 0 would mean "unknown". */
    private static int millimetres(int pixels) {
        return Math.max(1, pixels * 254 / 1000);
    }

    private static int centimetres(int millimetres) {
        return Math.max(1, (millimetres + 5) / 10);
    }

    /** 3.11: the byte that makes the sum of all a multiple of 256. */
    static byte checksum(ByteBuffer block, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += block.get(i);
        }
        return (byte) -sum;
    }
}
