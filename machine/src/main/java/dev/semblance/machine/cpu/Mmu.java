package dev.semblance.machine.cpu;

import dev.semblance.machine.bus.Bus;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.CycleTimeline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The hart's way to memory: Sv32 translation (privileged architecture, 12.3), RAM through the TLB, devices through the
 * bus. The accessed and dirty bits of page table entries are set by hardware. Misaligned accesses trap.
 *
 * <p>Every access comes with the cycle at which its instruction runs; a device sees exactly that time.
 *
 * <h2>What a guest can see of translations, and what it cannot</h2>
 *
 * <p>The specification lets a hart keep translations until a fence and lets it walk again whenever it likes. A guest that
 * changes page tables without a fence, as Linux does when it ages pages, can tell the one from the other. So that there is
 * one run and not many, when the page table is walked is part of the machine: <b>walks, and the A and D bits they set, are
 * architectural events, a function of the instructions executed and of nothing else.</b>
 *
 * <ul>
 *   <li>There are three TLBs: for U-mode, for S-mode with SUM clear, and with SUM set. Each keeps {@value Tlb#ENTRIES}
 *       translations for fetches, as many for loads (LR too) and as many for stores (SC and AMOs too), each set direct-mapped
 *       by the low bits of the virtual page number.
 *   <li>An aligned access whose page is not in its set walks, once. A walk that leads to RAM is kept; one that leads elsewhere
 *       or faults is not. A misaligned access traps before it is translated. SC is translated also when it fails.
 *   <li>A fetch takes place for every instruction, and so the set for fetches has the page that is being executed.
 *       An execution core need not look again until it leaves the page, the mode or SUM changes, or translations are dropped.
 *   <li>A write to satp, a change of MXR, SFENCE.VMA with rs1=x0 and a remote fence drop all translations. SFENCE.VMA with an
 *       address drops the translations of its page; and those of the 4 MiB around it in each TLB that used a superpage there
 *       since it last dropped them all.
 *   <li>Nothing else drops one: no end of a slice, no interrupt, no deadline, no decoding or forgetting of code, no write to
 *       memory.
 * </ul>
 *
 * <p>{@link #translate} is the one place that asks for a walk. The shortcuts of {@link Tlb} and all that is decoded or
 * compiled can come and go at any time, since a missing one is found again from the kept translation.
 */
final class Mmu implements Stateful {

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
        ram.setSharingListener(new Ram.SharingListener() {
            @Override
            public void shared() {
                user.closeAll();
                supervisor.closeAll();
                supervisorWithUserAccess.closeAll();
            }

            @Override
            public void copied(byte[] before, byte[] copy) {
                user.redirect(before, copy);
                supervisor.redirect(before, copy);
                supervisorWithUserAccess.redirect(before, copy);
            }
        });
        ram.setWriteListener((address, length) -> {
            if (address < state.reservation + 4 && state.reservation < address + length) {
                state.reservation = -1;
            }
        });
    }

    /**
     * Translations are saved, since they decide when the next walk comes; digests leave them out, since they follow from the run.
     * Decoded code is not: it is found again in RAM.
     */
    @Override
    public void state(StateExchange s) {
        s.part("TLBS", 1);
        user.state(s);
        supervisor.state(s);
        supervisorWithUserAccess.state(s);
        s.whenLoaded(() -> {
            user.reconnect(s, ram, blocks);
            supervisor.reconnect(s, ram, blocks);
            supervisorWithUserAccess.reconnect(s, ram, blocks);
            modeChanged();
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
        user.flush(address);
        supervisor.flush(address);
        supervisorWithUserAccess.flush(address);
    }

    // ---- fetch --------------------------------------------------------------------------------------------------

    /** {@return the block at a virtual address} */
    BasicBlock fetch(long pc) throws Trap {
        Tlb tlb = this.tlb;
        int index = Tlb.index(pc);
        if (tlb.fetchTag[index] == (pc & PAGE)) {
            BasicBlock block = tlb.fetchBlocks[index][BlockCache.slot(pc)];
            if (block != null) {
                return block;
            }
        }
        return fetchSlowly(pc);
    }

    private BasicBlock fetchSlowly(long pc) throws Trap {
        long address = translate(pc, Access.FETCH);
        if (!ram.contains(address, 4)) {
            throw trap.with(Cause.INSTRUCTION_ACCESS_FAULT, pc);
        }
        int page = (int) (address >>> Ram.PAGE_SHIFT);
        BasicBlock block = blocks.page(page)[BlockCache.slot(address)];
        if (block == null) {
            if (!ram.isWatched(page)) {
                ram.watch(page);
                byte[] bytes = ram.readablePage(page);
                user.close(bytes);
                supervisor.close(bytes);
                supervisorWithUserAccess.close(bytes);
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
            tlb.open(address, page);
            return;
        }
        timeline.setNow(now);
        blockEnd = 0;
        if (!bus.store(physical, width, value)) {
            throw trap.with(Cause.STORE_ACCESS_FAULT, address);
        }
    }

    /**
     * {@return a page for the hart itself to write to} A write through {@link Ram#putInt} and its kin would count as a
     * device's, which ends a reservation; whether a store missed the TLB must not.
     */
    private byte[] pageForStore(long physical) {
        int page = (int) (physical >>> Ram.PAGE_SHIFT);
        ram.announceWrite(page);
        return ram.writablePage(page);
    }

    // ---- atomics: RAM only --------------------------------------------------------------------------------------

    /** {@return the physical address of a word in RAM for LR} */
    long atomicLoadAddress(long address) throws Trap {
        return atomicAddress(address, Access.LOAD, Cause.LOAD_MISALIGNED);
    }

    /** {@return the physical address of a word in RAM for SC and the AMOs} */
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

    // ---- translation --------------------------------------------------------------------------------------------

    /** {@return the physical address of an access: as the TLB keeps it, or else as a walk finds it, which is kept} */
    private long translate(long address, Access access) throws Trap {
        Tlb tlb = this.tlb;
        Tlb.Translations kept = switch (access) {
            case FETCH -> tlb.fetches;
            case LOAD -> tlb.loads;
            case STORE -> tlb.stores;
        };
        if (kept.has(address)) {
            return kept.physical(address);
        }
        long physical = walk(address, access);
        if (ram.contains(physical, 1)) {
            int page = (int) (physical >>> Ram.PAGE_SHIFT);
            switch (access) {
                case FETCH -> tlb.keepFetch(address, page, blocks.page(page));
                // A page of its own even for reading: the shared page of zeros would stay behind at the first write.
                case LOAD -> tlb.keepLoad(address, page, ram.residentPage(page));
                case STORE -> tlb.keepStore(address, page);
            }
        }
        return physical;
    }

    /** Walks the page table (12.3.2) and sets A, and D for a store, in the leaf. */
    private long walk(long address, Access access) throws Trap {
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
                if (level == 1) {
                    tlb.superpageUsed(address);
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
