package dev.semblance.machine.cpu;

import org.jspecify.annotations.Nullable;

/**
 * A run of decoded instructions inside one page that is only entered at its start. It ends with an instruction that may
 * go elsewhere, or at the page's end.
 */
final class BasicBlock {

    /** The instructions, packed as {@link dev.semblance.machine.isa.Decoded}. */
    final long[] code;

    /** Where a direct jump out of the block leads, once it was taken and if it stays in the page. */
    @Nullable
    BasicBlock taken;

    /** What follows the block, once it was reached and if it is in the page. */
    @Nullable
    BasicBlock fallthrough;

    BasicBlock(long[] code) {
        this.code = code;
    }
}
