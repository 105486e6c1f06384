package dev.semblance.harness.fuzz;

import dev.semblance.harness.PixelRect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Puts a request together field by field. One of its fields, or two, may be disturbed: such a field gets a value from the edges of
 * what could be meant, or from beyond.
 */
final class RequestBuilder {

    private static final int NONE = -1;
    private static final int FIELDS = 7;
    private static final int LARGEST_STRUCTURE = 56;

    private final EntropySource choices;
    private final int disturbed;

    /** Now and then another field is disturbed too: which of two errors is answered counts. */
    private final int disturbedToo;

    private ByteBuffer buffer = ByteBuffer.allocate(LARGEST_STRUCTURE).order(ByteOrder.LITTLE_ENDIAN);
    private int fields;

    /**
     * Starts a request with its header.
     *
     * @param disturb whether one of the fields after the header is to be disturbed, or two
     */
    RequestBuilder(EntropySource choices, int type, boolean disturb) {
        this.choices = choices;
        disturbed = disturb ? choices.below(FIELDS) : NONE;
        disturbedToo = disturb && choices.chance(1, 4) ? choices.below(FIELDS) : NONE;
        boolean fenced = choices.chance(1, 3);
        buffer.putInt(type);
        buffer.putInt(flags(fenced));
        boolean marked = fenced || choices.chance(1, 8);
        buffer.putLong(marked ? choices.bits() : 0);
        buffer.putInt(marked && choices.chance(1, 2) ? (int) choices.bits() : 0);
        buffer.putInt(choices.chance(1, 16) ? (int) choices.bits() : 0);
    }

    private int flags(boolean fenced) {
        int others = choices.chance(1, 12) ? (int) choices.bits() & ~1 : 0;
        return others | (fenced ? 1 : 0);
    }

    private boolean isDisturbed(int field) {
        return field == disturbed || field == disturbedToo;
    }

    /** Adds a 32-bit field. */
    RequestBuilder u32(long value) {
        buffer.putInt((int) (isDisturbed(fields++) ? edge(value) : value));
        return this;
    }

    /** Adds a 64-bit field. */
    RequestBuilder u64(long value) {
        buffer.putLong(isDisturbed(fields++) ? edge64(value) : value);
        return this;
    }

    /** Adds fields that mean nothing. */
    RequestBuilder padding(int bytes) {
        boolean noise = choices.chance(1, 16);
        for (int i = 0; i < bytes; i += 4) {
            buffer.putInt(noise ? (int) choices.bits() : 0);
        }
        return this;
    }

    RequestBuilder rect(PixelRect area) {
        return u32(area.x()).u32(area.y()).u32(area.width()).u32(area.height());
    }

    /** Adds memory entries with fields that are never disturbed. */
    RequestBuilder entries(long[] addressesAndLengths) {
        byte[] head = bytes();
        buffer = ByteBuffer.allocate(head.length + addressesAndLengths.length * 8)
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(head);
        for (int i = 0; i < addressesAndLengths.length; i += 2) {
            buffer.putLong(addressesAndLengths[i]);
            buffer.putInt((int) addressesAndLengths[i + 1]);
            buffer.putInt(0);
        }
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private long edge(long value) {
        return switch (choices.below(12)) {
            case 0, 1, 2 -> value + 1;
            case 3, 4 -> value - 1;
            case 5 -> 0;
            case 6 -> choices.below(20);
            case 7 -> -value;
            case 8 -> 1L << choices.below(32);
            case 9 -> -1L << choices.below(32);
            // Times four, and times the row's length, these wrap to something small.
            case 10 -> value + choices.pick(0x4000_0000, 0x8000_0000, 0xc000_0000);
            default -> choices.bits();
        };
    }

    private long edge64(long value) {
        return switch (choices.below(10)) {
            case 0, 1 -> value + choices.between(1, 4);
            case 2 -> value - choices.between(1, 4);
            case 3, 4 -> value + (1L << choices.between(31, 63));
            case 5 -> -value - 1;
            case 6 -> value + 0xffff_ffff_0000_0000L;
            case 7 -> choices.pick(Long.MAX_VALUE, Long.MIN_VALUE, -1, 0xffff_ffffL);
            case 8 -> choices.below(2000);
            default -> choices.bits();
        };
    }
}
