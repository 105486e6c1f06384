package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.Isa;
import org.jspecify.annotations.Nullable;

/**
 * The hart's way to instructions: fetches by the translations of {@link Mmu}, whose contract says when they walk, and the decoded blocks that they lead to. A page
 * that blocks were made of is watched, and a write to it drops them.
 */
final class InstructionFetch {

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    private final Mmu mmu;
    private final Isa isa;
    private final Ram ram;
    private final Trap trap;
    private final BlockCache blocks;

    InstructionFetch(Isa isa, Mmu mmu, Ram ram, Trap trap) {
        this.isa = isa;
        this.mmu = mmu;
        this.ram = ram;
        this.trap = trap;
        this.blocks = new BlockCache(ram, InstructionSet.of(isa));
        ram.setPageWatcher(page -> {
            blocks.drop(page);
            mmu.blockEnd = 0;
        });
    }

    /** {@return the block at a virtual address} */
    BasicBlock at(long pc) throws Trap {
        Tlb tlb = mmu.tlb;
        long[] tags = tlb.fetchTag;
        int index = (int) (pc >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (pc & PAGE)) {
            BasicBlock block = tlb.fetchBlocks[index][BlockCache.slot(pc)];
            if (block != null) {
                return block;
            }
        }
        return slowlyAt(pc);
    }

    private BasicBlock slowlyAt(long pc) throws Trap {
        long address = address(pc);
        int page = ram.pageOf(address);
        if (blocks.isFull()) {
            forget();
        }
        @Nullable BasicBlock[] there = blocks.page(page);
        mmu.tlb.connect(pc, there);
        BasicBlock block = there[BlockCache.slot(address)];
        if (block != null) {
            return block;
        }
        if (straddles(address)) {
            return oneAt(pc);
        }
        if (!ram.isWatched(page)) {
            ram.watch(page);
            mmu.tlbs.close(ram.readablePage(page));
        }
        return blocks.build(address);
    }

    /** {@return a block of the one instruction at a virtual address, of which nothing is kept} */
    BasicBlock oneAt(long pc) throws Trap {
        long address = address(pc);
        if (straddles(address)) {
            // Its page is looked up by the address of the second half, which is what a fault there says (12.1.9).
            long second = address(isa.canonical(pc + 2));
            return blocks.single(ram.getShort(address) & 0xffff | ram.getShort(second) << 16);
        }
        return blocks.single(blocks.size(address) == 4 ? ram.getInt(address) : ram.getShort(address));
    }

    private long address(long pc) throws Trap {
        long address = mmu.translate(pc, Access.FETCH);
        if (!ram.contains(address, 2)) {
            throw trap.with(Cause.INSTRUCTION_ACCESS_FAULT, pc);
        }
        return address;
    }

    private boolean straddles(long address) {
        return (address & ~PAGE) == Ram.PAGE_SIZE - 2 && blocks.size(address) == 4;
    }

    /**
     * {@return the bits of the instruction that is being executed, 16 or 32 of them} Nothing is looked up anew: its pages are in the
     * translations of fetches, and its bytes have not changed since it was fetched.
     */
    int codeAt(long pc) {
        long address = mmu.tlb.fetches.physical(pc);
        if (blocks.size(address) == 2) {
            return ram.getShort(address) & 0xffff;
        }
        return straddles(address)
                ? ram.getShort(address) & 0xffff | ram.getShort(mmu.tlb.fetches.physical(isa.canonical(pc + 2))) << 16
                : ram.getInt(address);
    }

    /** {@return the blocks of the page of code that is being executed} */
    @Nullable
    BasicBlock[] blocksAt(long pc) {
        Tlb tlb = mmu.tlb;
        return tlb.fetchBlocks[(int) (pc >>> Ram.PAGE_SHIFT) & tlb.fetchBlocks.length - 1];
    }

    /** Forgets all decoded code, and what was translated of it. */
    void forget() {
        blocks.forget();
        mmu.tlbs.disconnectAll();
    }

    /** {@return the bytes of the page of code that is being executed} */
    byte[] codePage(long pc) {
        return ram.readablePage(ram.pageOf(mmu.tlb.fetches.physical(pc)));
    }
}
