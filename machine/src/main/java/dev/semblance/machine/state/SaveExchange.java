package dev.semblance.machine.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Saves all fields: numbers as little-endian bytes, one after the other, and blocks and rows beside them, by reference. */
final class SaveExchange extends StateExchange {

    private static final int FIRST_SIZE = 1 << 16;

    private ByteBuffer fields = ByteBuffer.allocate(FIRST_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final List<byte[]> blocks = new ArrayList<>();
    private final List<int[]> rows = new ArrayList<>();

    /** {@return all that was saved} */
    SavedState saved() {
        return new SavedState(Arrays.copyOf(fields.array(), fields.position()), blocks, rows);
    }

    private ByteBuffer withRoom() {
        if (fields.remaining() < Long.BYTES) {
            if (fields.capacity() >= SavedState.MAX_FIELD_BYTES) {
                throw new IllegalStateException("the state is larger than any that can be loaded");
            }
            ByteBuffer larger = ByteBuffer.allocate(2 * fields.capacity()).order(ByteOrder.LITTLE_ENDIAN);
            fields = larger.put(fields.flip());
        }
        return fields;
    }

    @Override
    int exchange(int value, boolean digested) {
        withRoom().putInt(value);
        return value;
    }

    @Override
    long exchange(long value, boolean digested) {
        withRoom().putLong(value);
        return value;
    }

    @Override
    boolean exchange(boolean value, boolean digested) {
        withRoom().put((byte) (value ? 1 : 0));
        return value;
    }

    @Override
    byte[] exchange(byte[] block, int length, boolean digested) {
        requireLength(block.length, length);
        blocks.add(block);
        return block;
    }

    @Override
    int[] exchange(int[] row, int length) {
        requireLength(row.length, length);
        rows.add(row);
        return row;
    }

    private static void requireLength(int found, int length) {
        if (found != length) {
            throw new IllegalStateException("a block or row of length " + found + " that is to have " + length);
        }
    }

    @Override
    public void part(String tag, int version) {
        byte[] name = tag.getBytes(StandardCharsets.US_ASCII);
        if (name.length != Integer.BYTES) {
            throw new IllegalStateException("a part's tag has four characters: " + tag);
        }
        withRoom().put(name).putInt(version);
    }

    @Override
    public void onlyDigested(Consumer<StateSink> writer) {
        // It is saved in another form.
    }

    @Override
    public boolean isLoading() {
        return false;
    }

    @Override
    public boolean sharesBlocks() {
        return true;
    }

    @Override
    public void whenLoaded(Runnable action) {
        // Nothing is loaded.
    }

    @Override
    public void require(boolean condition, String what) {
        // What the machine itself has is right.
    }

    @Override
    long room() {
        return Long.MAX_VALUE;
    }
}
