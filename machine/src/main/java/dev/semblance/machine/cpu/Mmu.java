package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The hart's way to memory: Sv32 translation (privileged architecture, 12.3), RAM through the TLB, devices through the
 * bus. The accessed and dirty bits of page table entries are set by hardware. Misaligned accesses trap.
 *
 * <p>Every access comes with the cycle at which its instruction runs; a device sees exactly that time.
 */
final class Mmu {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int PTE_V = 1;
    private static final int PTE_R = 2;
    private static final int PTE_W = 4;
    private static final int PTE_X = 8;
    private static final int PTE_U = 16;
    private static final int PTE_A = 64;
    private static final int PTE_D = 128;

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    /** What an access wants to do; each faults with a cause of its own. */
    private enum Access {
        FETCH(Cause.INSTRUCTION_PAGE_FAULT, Cause.INSTRUCTION_ACCESS_FAULT),
        LOAD(Cause.LOAD_PAGE_FAULT, Cause.LOAD_ACCESS_FAULT),
        STORE(Cause.STORE_PAGE_FAULT, Cause.STORE_ACCESS_FAULT);

        final int pageFault;
        final int accessFault;

        Access(int pageFault, int accessFault) {
            this.pageFault = pageFault;
            this.accessFault = accessFault;
        }
    }

    private final HartState state;
    private final Ram ram;
    private final Bus bus;
    private final CycleTimeline timeline;
    private final BlockCache blocks;
    private final Trap trap;
    private final Tlb user = new Tlb();
    private final Tlb supervisor = new Tlb();
    private final Tlb supervisorWithUserAccess = new Tlb();
    private Tlb tlb = supervisor;

    /**
     * How many instructions of the current block to execute. The interpreter sets it at each block and compares with it
     * at each instruction; 0 ends the block after the current one, since a device was touched or code was written.
     */
    int blockEnd;

    Mmu(HartState state, Ram ram, Bus bus, CycleTimeline timeline, Trap trap) {
        this.state = state;
        this.ram = ram;
        this.bus = bus;
        this.timeline = timeline;
        this.trap = trap;
        this.blocks = new BlockCache(ram);
        ram.setPageWatcher(page -> {
            blocks.drop(page);
            blockEnd = 0;
        });
        ram.setWriteListener((address, length) -> {
            if (address < state.reservation + 4 && state.reservation < address + length) {
                state.reservation = -1;
            }
        });
    }

    // ---- translation state ------------------------------------------------------------------------------------

    /** To be called when the privilege mode or sstatus.SUM has changed. */
    void modeChanged() {
        if (state.privilege == Privilege.USER) {
            tlb = user;
        } else {
            tlb = (state.sstatus & HartState.SUM) == 0 ? supervisor : supervisorWithUserAccess;
        }
    }

    /** Forgets all translations: SFENCE.VMA without an address, a write to satp, a change of sstatus.MXR. */
    void flush() {
        user.flush();
        supervisor.flush();
        supervisorWithUserAccess.flush();
    }

    /** Forgets the translations that the page table entry of an address gave: SFENCE.VMA with an address. */
    void flush(long address) {
        user.flushAround(address);
        supervisor.flushAround(address);
        supervisorWithUserAccess.flushAround(address);
    }

    // ---- fetch --------------------------------------------------------------------------------------------------

    /** Returns the block at a virtual address. */
    BasicBlock fetch(long pc) throws Trap {
        Tlb tlb = this.tlb;
        int index = Tlb.index(pc);
        if (tlb.fetchTag[index] == (pc & PAGE)) {
            BasicBlock block = tlb.fetchBlocks[index][BlockCache.slot(pc)];
            if (block != null) {
                return block;
            }
        }
        return fetchSlowly(pc, index);
    }

    private BasicBlock fetchSlowly(long pc, int index) throws Trap {
        long address = translate(pc, Access.FETCH);
        if (!ram.contains(address, 4)) {
            throw trap.with(Cause.INSTRUCTION_ACCESS_FAULT, pc);
        }
        int page = (int) (address >>> Ram.PAGE_SHIFT);
        @Nullable BasicBlock[] ofPage = blocks.page(page);
        tlb.fetchTag[index] = pc & PAGE;
        tlb.fetchBlocks[index] = ofPage;
        BasicBlock block = ofPage[BlockCache.slot(address)];
        if (block == null) {
            if (!ram.isWatched(page)) {
                ram.watch(page);
                byte[] bytes = ram.readablePage(page);
                user.protect(bytes);
                supervisor.protect(bytes);
                supervisorWithUserAccess.protect(bytes);
            }
            block = blocks.build(address);
        }
        return block;
    }

    // ---- loads --------------------------------------------------------------------------------------------------

    // The fast ways mask with the arrays' own lengths, powers of two, so that a JIT compiler leaves the bounds checks
    // out.

    /** LB; LBU masks the result. */
    int loadByte(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & PAGE)) {
            return pages[index & pages.length - 1][(int) address & 0xfff];
        }
        return (byte) loadSlowly(address, 1, now);
    }

    /** LH; LHU masks the result. */
    int loadShort(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 1))) {
            return (short) SHORT.get(pages[index & pages.length - 1], (int) address & 0xffe);
        }
        return (short) loadSlowly(address, 2, now);
    }

    /** LW. */
    int loadInt(long address, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.loadTag;
        byte[][] pages = tlb.loadPage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 3))) {
            return (int) INT.get(pages[index & pages.length - 1], (int) address & 0xffc);
        }
        return loadSlowly(address, 4, now);
    }

    private int loadSlowly(long address, int width, long now) throws Trap {
        if ((address & width - 1) != 0) {
            throw trap.with(Cause.LOAD_MISALIGNED, address);
        }
        long physical = translate(address, Access.LOAD);
        if (ram.contains(physical, width)) {
            int page = (int) (physical >>> Ram.PAGE_SHIFT);
            int index = Tlb.index(address);
            tlb.loadTag[index] = address & PAGE;
            // A page of its own even for reading: the shared page of zeros would stay behind at the first write.
            tlb.loadPage[index] = ram.writablePage(page);
            return switch (width) {
                case 1 -> ram.getByte(physical);
                case 2 -> ram.getShort(physical);
                default -> ram.getInt(physical);
            };
        }
        timeline.setNow(now);
        blockEnd = 0;
        long value = bus.load(physical, width);
        if (value == Bus.NO_DEVICE) {
            throw trap.with(Cause.LOAD_ACCESS_FAULT, address);
        }
        return (int) value;
    }

    // ---- stores -------------------------------------------------------------------------------------------------

    /** SB. */
    void storeByte(long address, int value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & PAGE)) {
            pages[index & pages.length - 1][(int) address & 0xfff] = (byte) value;
        } else {
            storeSlowly(address, 1, value, now);
        }
    }

    /** SH. */
    void storeShort(long address, int value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 1))) {
            SHORT.set(pages[index & pages.length - 1], (int) address & 0xffe, (short) value);
        } else {
            storeSlowly(address, 2, value, now);
        }
    }

    /** SW. */
    void storeInt(long address, int value, long now) throws Trap {
        Tlb tlb = this.tlb;
        long[] tags = tlb.storeTag;
        byte[][] pages = tlb.storePage;
        int index = (int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1;
        if (tags[index] == (address & (PAGE | 3))) {
            INT.set(pages[index & pages.length - 1], (int) address & 0xffc, value);
        } else {
            storeSlowly(address, 4, value, now);
        }
    }

    private void storeSlowly(long address, int width, int value, long now) throws Trap {
        if ((address & width - 1) != 0) {
            throw trap.with(Cause.STORE_MISALIGNED, address);
        }
        long physical = translate(address, Access.STORE);
        if (ram.contains(physical, width)) {
            byte[] page = pageForStore(physical);
            int within = (int) physical & 0xfff;
            switch (width) {
                case 1 -> page[within] = (byte) value;
                case 2 -> SHORT.set(page, within, (short) value);
                default -> INT.set(page, within, value);
            }
            int index = Tlb.index(address);
            tlb.storeTag[index] = address & PAGE;
            tlb.storePage[index] = page;
            return;
        }
        timeline.setNow(now);
        blockEnd = 0;
        if (!bus.store(physical, width, value)) {
            throw trap.with(Cause.STORE_ACCESS_FAULT, address);
        }
    }

    /**
     * Returns a page for the hart itself to write to. A write through {@link Ram#putInt} and its kin would count as a
     * device's, which ends a reservation; whether a store missed the TLB must not.
     */
    private byte[] pageForStore(long physical) {
        int page = (int) (physical >>> Ram.PAGE_SHIFT);
        ram.announceWrite(page);
        return ram.writablePage(page);
    }

    // ---- atomics: RAM only --------------------------------------------------------------------------------------

    /** Returns the physical address of a word in RAM for LR. */
    long atomicLoadAddress(long address) throws Trap {
        return atomicAddress(address, Access.LOAD, Cause.LOAD_MISALIGNED);
    }

    /** Returns the physical address of a word in RAM for SC and the AMOs. */
    long atomicStoreAddress(long address) throws Trap {
        return atomicAddress(address, Access.STORE, Cause.STORE_MISALIGNED);
    }

    private long atomicAddress(long address, Access access, int misaligned) throws Trap {
        if ((address & 3) != 0) {
            throw trap.with(misaligned, address);
        }
        long physical = translate(address, access);
        if (!ram.contains(physical, 4)) {
            throw trap.with(access.accessFault, address);
        }
        return physical;
    }

    int loadPhysical(long physical) {
        return ram.getInt(physical);
    }

    void storePhysical(long physical, int value) {
        INT.set(pageForStore(physical), (int) physical & 0xfff, value);
    }

    // ---- Sv32 ---------------------------------------------------------------------------------------------------

    private long translate(long address, Access access) throws Trap {
        if (state.satp >= 0) {
            return address & 0xffff_ffffL;
        }
        long table = (state.satp & 0x3f_ffffL) << 12;
        for (int level = 1; level >= 0; level--) {
            long entry = table + ((address >>> 12 + 10 * level & 0x3ff) << 2);
            if (!ram.contains(entry, 4)) {
                throw trap.with(access.accessFault, address);
            }
            int pte = ram.getInt(entry);
            if ((pte & PTE_V) == 0 || (pte & (PTE_R | PTE_W)) == PTE_W) {
                throw trap.with(access.pageFault, address);
            }
            long base = (pte >>> 10 & 0x3f_ffffL) << 12;
            if ((pte & (PTE_R | PTE_X)) != 0) {
                boolean misalignedSuperpage = level == 1 && (pte >>> 10 & 0x3ff) != 0;
                if (misalignedSuperpage || !allows(pte, access)) {
                    throw trap.with(access.pageFault, address);
                }
                int wanted = pte | PTE_A | (access == Access.STORE ? PTE_D : 0);
                if (wanted != pte) {
                    storePhysical(entry, wanted);
                }
                long offsetMask = level == 1 ? 0x3f_ffffL : 0xfffL;
                return base | address & offsetMask;
            }
            table = base;
        }
        throw trap.with(access.pageFault, address);
    }

    private boolean allows(int pte, Access access) {
        boolean userPage = (pte & PTE_U) != 0;
        boolean modeAllows = switch (state.privilege) {
            case USER -> userPage;
            case SUPERVISOR -> !userPage || access != Access.FETCH && (state.sstatus & HartState.SUM) != 0;
        };
        return modeAllows
                && switch (access) {
                    case FETCH -> (pte & PTE_X) != 0;
                    case LOAD -> (pte & PTE_R) != 0 || (pte & PTE_X) != 0 && (state.sstatus & HartState.MXR) != 0;
                    case STORE -> (pte & PTE_W) != 0;
                };
    }
}
