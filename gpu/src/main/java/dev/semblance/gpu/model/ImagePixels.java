package dev.semblance.gpu.model;

import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.machine.state.StateExchange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The bytes of an image, row after row, in blocks of whole rows. A block comes into being when something else than zeros is
 * first written to it, so that a guest which creates the largest images costs the host nothing until it fills them.
 */
final class ImagePixels {

    /** About how large a block is. A row that is longer is a block of its own. */
    private static final int BLOCK_BYTES = 1 << 16;

    private static final Block ZEROS = new Block(new byte[0]);
    private static final byte[] ZERO_BYTES = new byte[4096];

    private final int width;
    private final int height;
    private final int rowsPerBlock;
    private final Block[] blocks;

    /** Some rows; of size 0 as long as all are zeros. */
    private static final class Block {
        final byte[] bytes;
        final IntBuffer pixels;

        /** A saved state has the same bytes: they are copied before they change. */
        boolean shared;

        Block(byte[] bytes) {
            this.bytes = bytes;
            pixels = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        }

        boolean isZero() {
            return bytes.length == 0;
        }
    }

    /** Makes pixels of zeros. */
    ImagePixels(int width, int height) {
        this.width = width;
        this.height = height;
        this.rowsPerBlock = Math.clamp(BLOCK_BYTES / rowBytes(), 1, height);
        this.blocks = new Block[Math.ceilDiv(height, rowsPerBlock)];
        Arrays.fill(blocks, ZEROS);
    }

    private int rowBytes() {
        return Math.multiplyExact(width, PixelFormat.BYTES_PER_PIXEL);
    }

    /**
     * Writes bytes of a row.
     *
     * @param left where in the row, in bytes
     * @return whether that made a difference
     */
    boolean write(int y, int left, byte[] source, int length) {
        int number = y / rowsPerBlock;
        int at = (y - number * rowsPerBlock) * rowBytes() + left;
        byte[] bytes = blocks[number].bytes;
        if (bytes.length == 0) {
            if (isZero(source, length)) {
                return false;
            }
            bytes = replace(number, new byte[blockBytes(number)]);
        } else if (Arrays.equals(bytes, at, at + length, source, 0, length)) {
            return false;
        } else if (blocks[number].shared) {
            bytes = replace(number, bytes.clone());
        }
        System.arraycopy(source, 0, bytes, at, length);
        return true;
    }

    private byte[] replace(int number, byte[] bytes) {
        blocks[number] = new Block(bytes);
        return bytes;
    }

    private int blockBytes(int number) {
        return Math.multiplyExact(Math.min(rowsPerBlock, height - number * rowsPerBlock), rowBytes());
    }

    /** Exchanges the blocks that there are; the digest is that of the pixels, whatever blocks they lie in. */
    void state(StateExchange s) {
        for (int number = 0; number < blocks.length; number++) {
            if (!s.saved(!blocks[number].isZero())) {
                continue;
            }
            byte[] bytes = s.savedBlock(blocks[number].bytes, blockBytes(number));
            if (s.isLoading()) {
                replace(number, bytes);
            }
            blocks[number].shared |= s.sharesBlocks();
        }
    }

    private static boolean isZero(byte[] source, int length) {
        int step;
        for (int from = 0; from < length; from += step) {
            step = Math.min(ZERO_BYTES.length, length - from);
            if (!Arrays.equals(source, from, from + step, ZERO_BYTES, 0, step)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads pixels as they lie in memory, as many as {@code target} takes, which may go on into the rows below.
     *
     * @param first the first one, counted row by row from the top left
     * @param target all zeros
     */
    void read(long first, int[] target) {
        long perBlock = (long) rowsPerBlock * width;
        int done = 0;
        while (done < target.length) {
            int number = (int) ((first + done) / perBlock);
            int within = (int) (first + done - number * perBlock);
            Block block = blocks[number];
            int count = (int) Math.min(target.length - done, perBlock - within);
            if (!block.isZero()) {
                block.pixels.get(within, target, done, count);
            }
            done += count;
        }
    }
}
