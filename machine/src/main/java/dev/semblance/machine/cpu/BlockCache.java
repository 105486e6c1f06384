package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Decoded;
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

    private static final int SLOTS = Ram.PAGE_SIZE / 4;

    private final Ram ram;
    private final @Nullable BasicBlock[] @Nullable [] byPage;
    private final long[] scratch = new long[MAX_LENGTH];

    BlockCache(Ram ram) {
        this.ram = ram;
        this.byPage = new BasicBlock[ram.pageCount()][];
    }

    /** {@return the blocks of a page by {@code (address within page) / 4}; the array stays the page's for good} */
    @Nullable
    BasicBlock[] page(int page) {
        @Nullable BasicBlock[] blocks = byPage[page];
        if (blocks == null) {
            blocks = new BasicBlock[SLOTS];
            byPage[page] = blocks;
        }
        return blocks;
    }

    /** Decodes the block at a physical address, keeps it and returns it. The caller watches the page. */
    BasicBlock build(long address) {
        int length = 0;
        long end = (address | Ram.PAGE_SIZE - 1) + 1;
        for (long at = address; at < end && length < MAX_LENGTH; at += 4) {
            long decoded = Decoded.decode(ram.getInt(at));
            scratch[length++] = decoded;
            if (Op.endsBlock(Decoded.op(decoded))) {
                break;
            }
        }
        BasicBlock block = new BasicBlock(Arrays.copyOf(scratch, length));
        page((int) (address >>> Ram.PAGE_SHIFT))[slot(address)] = block;
        return block;
    }

    /** Drops all blocks of a page. */
    void drop(int page) {
        @Nullable BasicBlock[] blocks = byPage[page];
        if (blocks != null) {
            Arrays.fill(blocks, null);
        }
    }

    static int slot(long address) {
        return (int) address >>> 2 & SLOTS - 1;
    }
}
