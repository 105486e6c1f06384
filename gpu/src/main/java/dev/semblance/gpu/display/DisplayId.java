package dev.semblance.gpu.display;

import java.nio.ByteBuffer;

/**
 * Makes a section of VESA DisplayID 1.2 with one detailed timing, as an extension block of an EDID: for modes that
 * the EDID's own timings have no bits for. Sizes have 16 bits here, and the clock 24.
 */
final class DisplayId {

    /** The tag of an extension block that holds a section. */
    private static final byte EXTENSION_TAG = 0x70;

    /** Version 1, revision 2. */
    private static final byte VERSION = 0x12;

    /** The product is a monitor by itself. */
    private static final byte DISPLAY_DEVICE = 0x03;

    /** The data block "type I, detailed timing". */
    private static final byte TYPE_I_TIMING = 0x03;

    private static final int TIMING_BYTES = 20;

    /** Bytes of an extension block besides what is in the section: its tag, header and checksum of the section, its own checksum. */
    private static final int OVERHEAD_BYTES = 1 + 4 + 1 + 1;

    /** The preferred timing, progressive, of no known aspect ratio. */
    private static final int TIMING_OPTIONS = 0x88;

    /** A sync signal is positive. */
    private static final int POSITIVE_SYNC = 1 << 15;

    private DisplayId() {}

    /** Puts the block where the buffer stands: {@link Edid#SIZE} bytes. */
    static void put(ByteBuffer block, Display display) {
        int start = block.position();
        Timing timing = Timing.large(display);
        block.put(EXTENSION_TAG);
        int section = block.position();
        block.put(VERSION);
        block.put((byte) (Edid.SIZE - OVERHEAD_BYTES));
        block.put(DISPLAY_DEVICE);
        block.put((byte) 0); // no extension of this section
        block.put(TYPE_I_TIMING);
        block.put((byte) 0);
        block.put((byte) TIMING_BYTES);
        putTiming(block, display, timing);
        // What is left is filled with 0, which stands for no data block, up to the two checksums.
        block.position(start + Edid.SIZE - 2);
        block.put(Edid.checksum(block, section, start + Edid.SIZE - 2));
        block.put(Edid.checksum(block, start, start + Edid.SIZE - 1));
    }

    /** Everything but the options is one less than it says. */
    private static void putTiming(ByteBuffer block, Display display, Timing timing) {
        int clock = timing.pixelClock() - 1;
        block.putShort((short) clock);
        block.put((byte) (clock >> 16));
        block.put((byte) TIMING_OPTIONS);
        block.putShort((short) (display.width() - 1));
        block.putShort((short) (timing.hBlank() - 1));
        block.putShort((short) (timing.hFront() - 1 | POSITIVE_SYNC));
        block.putShort((short) (timing.hSync() - 1));
        block.putShort((short) (display.height() - 1));
        block.putShort((short) (timing.vBlank() - 1));
        block.putShort((short) (timing.vFront() - 1));
        block.putShort((short) (timing.vSync() - 1));
    }
}
