package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.memory.Ram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decoded blocks by physical address. RAM watches every page that blocks were made of; a write to it drops them. Links
 * between blocks never leave a page, so dropping a page leaves none behind.
 */
final class BlockCache {

    /** The longest block. A longer run is simply cut. */
    static final int MAX_LENGTH = 64;

    /** A block can begin at every even address. */
    static final int SLOTS = Ram.PAGE_SIZE / 2;

    /** What there is room for, in words of 8 bytes: more than any program needs, and no more of the host's memory than RAM may take. */
    private static final int MAX_WORDS = 16 << 20;

    /** Of the blocks of a page by their places, and of a block without its instructions. */
    private static final int PAGE_WORDS = SLOTS / 2;

    private static final int BLOCK_WORDS = 10;

    private static final byte[] ALL_LONG = allLong();

    private final Ram ram;
    private final InstructionSet instructions;
    private final @Nullable BasicBlock[] @Nullable [] byPage;
    private final long[] scratch = new long[MAX_LENGTH];
    private final byte[] offsets = new byte[MAX_LENGTH];

    /** Of all that was made since the last {@link #forget}, also if it was dropped: at least of what there is. */
    private int words;

    BlockCache(Ram ram, InstructionSet instructions) {
        this.ram = ram;
        this.instructions = instructions;
        this.byPage = new BasicBlock[ram.pageCount()][];
    }

    private static byte[] allLong() {
        byte[] offsets = new byte[MAX_LENGTH];
        for (int i = 0; i < MAX_LENGTH; i++) {
            offsets[i] = (byte) (4 * i);
        }
        return offsets;
    }

    /** {@return the blocks of a page by {@code (address within page) / 2}; the array stays the page's until all is forgotten} */
    @Nullable
    BasicBlock[] page(int page) {
        @Nullable BasicBlock[] blocks = byPage[page];
        if (blocks == null) {
            blocks = new BasicBlock[SLOTS];
            byPage[page] = blocks;
            words += PAGE_WORDS;
        }
        return blocks;
    }

    /**
     * Decodes the block at a physical address, keeps it and returns it. The caller watches the page, and has seen that the first
     * instruction lies in it as a whole.
     */
    BasicBlock build(long address) {
        int length = 0;
        int at = 0;
        int room = Ram.PAGE_SIZE - ((int) address & Ram.PAGE_SIZE - 1);
        boolean allLong = true;
        while (at < room && length < MAX_LENGTH) {
            int size = size(address + at);
            if (size > room - at) {
                break;
            }
            long decoded = instructions.decode(size == 4 ? ram.getInt(address + at) : ram.getShort(address + at));
            offsets[length] = (byte) at;
            scratch[length++] = Decoded.fromBlockStart(decoded, at);
            at += size;
            allLong &= size == 4;
            if (Op.endsBlock(Decoded.op(decoded))) {
                break;
            }
        }
        byte[] places = allLong ? ALL_LONG : Arrays.copyOf(offsets, length);
        BasicBlock block =
                new BasicBlock((int) address & Ram.PAGE_SIZE - 1, Arrays.copyOf(scratch, length), places, at, false);
        page(ram.pageOf(address))[slot(address)] = block;
        words += BLOCK_WORDS + length + (allLong ? 0 : length / 8);
        return block;
    }

    /** {@return a block of one instruction, which is not kept} */
    BasicBlock single(int bits) {
        return new BasicBlock(
                0, new long[] {instructions.decode(bits)}, ALL_LONG, instructions.isLong(bits) ? 4 : 2, true);
    }

    /** {@return how many bytes the instruction at a physical address has} */
    int size(long address) {
        return instructions.isLong(ram.getShort(address)) ? 4 : 2;
    }

    /** Drops all blocks of a page. */
    void drop(int page) {
        @Nullable BasicBlock[] blocks = byPage[page];
        if (blocks != null) {
            Arrays.fill(blocks, null);
        }
    }

    /** {@return whether there is so much that all of it is to be forgotten before more is made} */
    boolean isFull() {
        return words > MAX_WORDS;
    }

    /** Drops all blocks, and the arrays of all pages. */
    void forget() {
        Arrays.fill(byPage, null);
        words = 0;
    }

    static int slot(long address) {
        return (int) address >>> 1 & SLOTS - 1;
    }
}
