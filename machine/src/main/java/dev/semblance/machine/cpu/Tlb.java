package dev.semblance.machine.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Direct-mapped translations of one mode (user; supervisor with SUM clear or set). An entry leads straight to the bytes
 * of a RAM page, or to its decoded blocks. The tag is the virtual page's address, so that comparing it with an address
 * whose low bits were kept also checks alignment. Nothing here is guest-visible.
 */
@SuppressWarnings("ReferenceEquality") // Pages are told apart by identity.
final class Tlb {

    static final int ENTRIES = 256;
    static final int MASK = ENTRIES - 1;

    /** No address has this tag: its low bits are neither zero nor an alignment. */
    private static final long EMPTY = 0x800;

    private static final byte[] NO_BYTES = {};
    private static final BasicBlock[] NO_BLOCKS = {};

    final long[] loadTag = new long[ENTRIES];
    final byte[][] loadPage = new byte[ENTRIES][];
    final long[] storeTag = new long[ENTRIES];
    final byte[][] storePage = new byte[ENTRIES][];
    final long[] fetchTag = new long[ENTRIES];
    final @Nullable BasicBlock[][] fetchBlocks = new BasicBlock[ENTRIES][];

    Tlb() {
        Arrays.fill(loadPage, NO_BYTES);
        Arrays.fill(storePage, NO_BYTES);
        Arrays.fill(fetchBlocks, NO_BLOCKS);
        flush();
    }

    static int index(long address) {
        return (int) (address >>> 12) & MASK;
    }

    void flush() {
        Arrays.fill(loadTag, EMPTY);
        Arrays.fill(storeTag, EMPTY);
        Arrays.fill(fetchTag, EMPTY);
    }

    /** Drops every entry in the 4 MiB around an address: all that one leaf page table entry can have led to. */
    void flushAround(long address) {
        long region = address >> 22;
        for (int i = 0; i < ENTRIES; i++) {
            if (loadTag[i] >> 22 == region) {
                loadTag[i] = EMPTY;
            }
            if (storeTag[i] >> 22 == region) {
                storeTag[i] = EMPTY;
            }
            if (fetchTag[i] >> 22 == region) {
                fetchTag[i] = EMPTY;
            }
        }
    }

    /** Drops the entries that allow stores to a page. */
    void protect(byte[] page) {
        for (int i = 0; i < ENTRIES; i++) {
            if (storePage[i] == page) {
                storeTag[i] = EMPTY;
                storePage[i] = NO_BYTES;
            }
        }
    }
}
