package dev.semblance.machine.virtio.blk;

import dev.semblance.machine.state.StateExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A disk over an image that is never written: what the guest writes is kept in memory, in blocks of 4 KiB, and hides the
 * image from then on. Memory grows with the blocks written, up to the size of the disk.
 *
 * <p>The state is the blocks written, in order of their number, not the image: that one is known by its name and hash.
 */
public final class CopyOnWriteDisk implements BlockBackend {

    private static final int BLOCK_SIZE = 4096;

    private final DiskImage image;
    private final TreeMap<Long, Block> written = new TreeMap<>();

    /** What the guest has written; if it is shared, a saved state has the same bytes, and they are copied before they change. */
    private record Block(byte[] bytes, boolean shared) {
        static final Block NONE = new Block(new byte[0], false);
    }

    /**
     * Makes a disk.
     *
     * @throws IllegalArgumentException if the image's size is not a multiple of 512 bytes, with a sentence for people
     */
    public CopyOnWriteDisk(DiskImage image) {
        if (image.size() % SECTOR_SIZE != 0) {
            throw new IllegalArgumentException("The disk image has " + image.size()
                    + " bytes, which is not a whole number of 512-byte sectors; pad it with zeros to "
                    + (image.size() / SECTOR_SIZE + 1) * SECTOR_SIZE + " bytes.");
        }
        this.image = image;
    }

    @Override
    public long sectors() {
        return image.size() / SECTOR_SIZE;
    }

    /** {@return how many blocks of 4 KiB the guest has written} */
    public int blocksWritten() {
        return written.size();
    }

    @Override
    public void read(long sector, byte[] target, int offset, int count) {
        eachBlock(sector, offset, count, target.length, (position, index, length) -> {
            Block block = written.get(position / BLOCK_SIZE);
            if (block == null) {
                image.read(position, target, index, length);
            } else {
                System.arraycopy(block.bytes(), (int) (position % BLOCK_SIZE), target, index, length);
            }
        });
    }

    @Override
    public void write(long sector, byte[] source, int offset, int count) {
        eachBlock(sector, offset, count, source.length, (position, index, length) -> {
            byte[] block = writable(position / BLOCK_SIZE);
            System.arraycopy(source, index, block, (int) (position % BLOCK_SIZE), length);
        });
    }

    private byte[] writable(long number) {
        Block block = written.get(number);
        if (block == null || block.shared()) {
            block = new Block(
                    block == null ? copyOfImage(number) : block.bytes().clone(), false);
            written.put(number, block);
        }
        return block.bytes();
    }

    /** {@return a block as the image has it; the last one of a disk may be shorter, and is filled up with zeros} */
    private byte[] copyOfImage(long number) {
        byte[] block = new byte[BLOCK_SIZE];
        long position = number * BLOCK_SIZE;
        image.read(position, block, 0, (int) Math.min(BLOCK_SIZE, image.size() - position));
        return block;
    }

    /** A stretch of bytes inside one block. */
    @FunctionalInterface
    private interface Stretch {
        void apply(long position, int index, int length);
    }

    private void eachBlock(long sector, int offset, int count, int arrayLength, Stretch stretch) {
        Objects.checkFromIndexSize(sector, count, sectors());
        Objects.checkFromIndexSize((long) offset, (long) count * SECTOR_SIZE, arrayLength);
        long position = sector * SECTOR_SIZE;
        int index = offset;
        int left = count * SECTOR_SIZE;
        while (left > 0) {
            int length = (int) Math.min(left, BLOCK_SIZE - position % BLOCK_SIZE);
            stretch.apply(position, index, length);
            position += length;
            index += length;
            left -= length;
        }
    }

    @Override
    public void state(StateExchange s) {
        s.savedConstant(image.size(), "size of the disk");
        long most = (image.size() + BLOCK_SIZE - 1) / BLOCK_SIZE;
        int count = s.digestedCount(written.size(), (int) Math.min(most, Integer.MAX_VALUE));
        List<Long> numbers = new ArrayList<>(written.keySet());
        TreeMap<Long, Block> loaded = new TreeMap<>();
        s.items(numbers, count, 0L, number -> {
            long exchanged = s.digested(number.longValue());
            boolean next = loaded.isEmpty() || exchanged > loaded.lastKey();
            s.require(exchanged >= 0 && exchanged < most && next, "a block of the disk is nowhere");
            Block block = written.getOrDefault(exchanged, Block.NONE);
            loaded.put(
                    exchanged,
                    new Block(s.digestedBlock(block.bytes(), BLOCK_SIZE), block.shared() || s.sharesBlocks()));
            return exchanged;
        });
        written.clear();
        written.putAll(loaded);
    }
}
