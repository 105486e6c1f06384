package dev.semblance.machine.cpu;

import org.jspecify.annotations.Nullable;

/**
 * A run of decoded instructions inside one page that is only entered at its start. It ends with an instruction that may
 * go elsewhere, or before the first that does not lie in the page as a whole.
 */
final class BasicBlock {

    /** The instructions, packed as {@link dev.semblance.machine.isa.Decoded}, as seen from the start of the block. */
    final long[] code;

    /** Where it begins in its page, in bytes. */
    final int start;

    /** How many bytes of code they are. */
    final int byteLength;

    /** Where each begins, in bytes from the start: read only where a run is cut or traps. */
    private final byte[] offsets;

    /**
     * It is one instruction that lies on two pages, or that was decoded to be executed alone. Such a block is made anew each time: the
     * place of its second half is found by its virtual address, which no link and no cache of physical pages can stand for.
     */
    final boolean isTransient;

    /** Where a direct jump out of the block leads, once it was taken and if it stays in the page. */
    @Nullable
    BasicBlock taken;

    /** What follows the block, once it was reached and if it is in the page. */
    @Nullable
    BasicBlock fallthrough;

    /** How often it was executed, until it is often enough for a region to be asked for. */
    int heat;

    /** What begins here and is translated, once it is. Another thread may put it here; a region has no field that must not be seen half. */
    @Nullable
    volatile Region region;

    /**
     * Makes a block.
     *
     * @param offsets of each instruction, as unsigned bytes; may be longer
     */
    BasicBlock(int start, long[] code, byte[] offsets, int byteLength, boolean isTransient) {
        this.start = start;
        this.code = code;
        this.offsets = offsets;
        this.byteLength = byteLength;
        this.isTransient = isTransient;
    }

    /** {@return how many bytes lie before an instruction, or all of them for the one behind the last} */
    int offset(int instruction) {
        return instruction == code.length ? byteLength : offsets[instruction] & 0xff;
    }
}
